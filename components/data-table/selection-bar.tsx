import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { Button } from "@/components/ui/button";

/** Replaces a table's heading while rows are selected: how many, what can be done with them, and how to select more. */
export function SelectionBar({
  selected,
  page,
  all,
  onClear,
  children,
}: {
  /** "3", "all 3,412". */
  selected: string;
  /** Selects the rest of the page, in cards, which have no box for that. */
  page?: { amount: number; onSelect: () => void };
  /** Selects all rows of the other pages too, once this page is selected. */
  all?: { amount: string; onSelect: () => void };
  onClear: () => void;
  children: ReactNode;
}) {
  const bar = useRef<HTMLDivElement>(null);
  // The button disappears once it is pressed, so the focus moves to the bar.
  const selectMore = (onSelect: () => void) => {
    onSelect();
    bar.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      ref={bar}
      role="group"
      aria-label="Selected rows"
      tabIndex={-1}
      className="flex flex-wrap items-center gap-2 outline-none"
    >
      <span role="status" className="font-medium tabular-nums first-letter:uppercase">
        {selected} selected
      </span>
      {children}
      {page && (
        <Button variant="quiet" size="sm" onClick={() => selectMore(page.onSelect)} className="@min-[44rem]:hidden">
          Select all {page.amount} on this page
        </Button>
      )}
      {all && (
        <Button variant="quiet" size="sm" onClick={() => selectMore(all.onSelect)}>
          Select all {all.amount} matching
        </Button>
      )}
      <Button variant="quiet" size="sm" icon={<X aria-hidden />} onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
