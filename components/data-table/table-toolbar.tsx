import type { ReactNode } from "react";

/** The line over a list: its filters at the left, the menu of its columns at the right. */
export function TableToolbar({ filters, columns }: { filters?: ReactNode; columns: ReactNode }) {
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 flex-1">{filters}</div>
      {columns}
    </div>
  );
}
