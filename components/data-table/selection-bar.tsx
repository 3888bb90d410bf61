import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

/** Stands in for a table's heading while rows are selected: how many, what can be done with them, and more of them. */
export function SelectionBar({
  selected,
  page,
  all,
  onClear,
  children,
}: {
  /** "3", "all 3,412". */
  selected: string;
  /** The rest of the page, where there is no room for the box over its rows that selects it. */
  page?: { amount: number; onSelect: () => void };
  /** All there are on other pages too, once this one is selected. */
  all?: { amount: string; onSelect: () => void };
  onClear: () => void;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div role="group" aria-label="Selected rows" className="flex flex-wrap items-center gap-2">
      <span role="status" className="font-medium tabular-nums first-letter:uppercase">
        {selected} selected
      </span>
      {children}
      {page && (
        <Button variant="quiet" size="sm" onClick={page.onSelect} className="@min-[44rem]:hidden">
          Select all {page.amount} here
        </Button>
      )}
      {all && (
        <Button variant="quiet" size="sm" onClick={all.onSelect}>
          Select all {all.amount} matching
        </Button>
      )}
      <Button variant="quiet" size="sm" icon={<X aria-hidden />} onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
