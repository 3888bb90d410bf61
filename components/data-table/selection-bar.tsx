import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

/** Stands in for a table's heading while rows are selected: how many, what can be done with them, and more of them. */
export function SelectionBar({
  selected,
  all,
  onSelectAll,
  onClear,
  children,
}: {
  /** "3", "all 3,412". */
  selected: string;
  /** How many there are beyond this page, when they can be selected too. */
  all?: string;
  onSelectAll: () => void;
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
      {all && (
        <Button variant="quiet" size="sm" onClick={onSelectAll}>
          Select all {all} matching
        </Button>
      )}
      <Button variant="quiet" size="sm" icon={<X aria-hidden />} onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
