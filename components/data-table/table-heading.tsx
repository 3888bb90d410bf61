"use client";

import type { RowData } from "@tanstack/react-table";
import { type ComponentProps, type ReactNode, useRef } from "react";
import type { Loadable } from "@/components/parts/loadable";
import { part } from "@/components/parts/part";
import { cx } from "@/components/ui/cx";
import type { TableSelection } from "./table-selection";
import type { DataTableInstance } from "./use-data-table";

/** The bar of the selected rows. */
// `part` loses the type parameter.
export const SelectedRows = part(() => import("./selected-rows")) as Loadable &
  (<Row extends RowData>(props: ComponentProps<typeof import("./selected-rows").default<Row>>) => ReactNode);

/** The line over a table: its heading and how many rows there are, or the bar of the selected rows. */
export function TableHeading<Row extends RowData>({
  id,
  title,
  amount,
  table,
  selection,
  children,
}: {
  id: string;
  title: string;
  amount?: string;
  table: DataTableInstance<Row>;
  selection?: TableSelection<Row>;
  /** Shown at the right. */
  children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isAnySelected = table.getIsSomePageRowsSelected();
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2">
      <h2
        id={id}
        ref={heading}
        tabIndex={-1}
        className={cx("text-base font-semibold outline-none", isAnySelected && "sr-only")}
      >
        {title}
      </h2>
      {selection && isAnySelected ? (
        <SelectedRows table={table} selection={selection} onClear={() => heading.current?.focus()} />
      ) : (
        amount && <span className="text-muted tabular-nums">{amount}</span>
      )}
      {children && <div className="ml-auto">{children}</div>}
    </div>
  );
}
