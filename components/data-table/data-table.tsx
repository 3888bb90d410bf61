"use client";

import type { RowData } from "@tanstack/react-table";
import { type ReactNode, useId } from "react";
import type { TableDefinition } from "./definition";
import { TableHeader, type TableSort } from "./table-header";
import { loadSelectedRows, TableHeading } from "./table-heading";
import { TableRow } from "./table-row";
import type { TableSelection } from "./table-selection";
import { useDataTable } from "./use-data-table";
import { useRowLinks } from "./use-row-links";
import { type RowMenuItems, useRowMenu } from "./use-row-menu";

interface DataTableProps<Row extends RowData> {
  definition: TableDefinition<Row>;
  /** The heading over the table, and its name. */
  title: string;
  /** How many rows there are on all pages: "3,412". */
  amount?: string;
  /** One page of rows. The same array as long as the rows are the same. */
  rows: Row[];
  /** Without it no column sorts. */
  sort?: TableSort;
  /** Without it rows have no menu. */
  rowMenu?: RowMenuItems<Row>;
  /** Without it rows cannot be selected. */
  selection?: TableSelection<Row>;
  /** Shown instead of the table when there are no rows. */
  empty: ReactNode;
  /** Shown at the right of the heading. */
  tools?: ReactNode;
  footer?: ReactNode;
}

/**
 * A table of one page of rows: sort links, selection (Shift selects a range), a bar of actions for the selected rows, a menu
 * per row. Where there is no room for columns each row becomes a card.
 */
export function DataTable<Row extends RowData>({
  definition,
  title,
  amount,
  rows,
  sort,
  rowMenu,
  selection,
  empty,
  tools,
  footer,
}: DataTableProps<Row>) {
  const headingId = useId();
  const table = useDataTable(definition, rows);
  const { openRowId, onOpen, onApproach, popup } = useRowMenu(rowMenu, definition);
  const rowLinks = useRowLinks();
  const isSelectable = selection !== undefined;
  const columns = table.getVisibleLeafColumns();

  return (
    <section aria-labelledby={headingId} className="@container flex flex-col gap-2">
      <TableHeading id={headingId} title={title} amount={amount} table={table} selection={selection}>
        {tools}
      </TableHeading>
      {rows.length === 0 ? (
        empty
      ) : (
        <table
          aria-labelledby={headingId}
          className="data-table"
          {...rowLinks}
          onPointerEnter={isSelectable ? loadSelectedRows : undefined}
          onFocus={(event) => {
            if (isSelectable) loadSelectedRows();
            rowLinks.onFocus(event);
          }}
        >
          <TableHeader
            table={table}
            title={title}
            sort={sort}
            isSelectable={isSelectable}
            hasMenu={rowMenu !== undefined}
          />
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <TableRow
                key={row.id}
                row={row}
                columns={columns}
                name={definition.rowName(row.original)}
                isSelectable={isSelectable}
                isSelected={row.getIsSelected()}
                isMenuOpen={openRowId === row.id}
                onMenu={rowMenu && onOpen}
                onNearMenu={onApproach}
              />
            ))}
          </tbody>
        </table>
      )}
      {footer}
      {popup}
    </section>
  );
}
