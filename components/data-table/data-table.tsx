"use client";

import { type ColumnDef, useTable } from "@tanstack/react-table";
import { Ellipsis } from "lucide-react";
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useId, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/choice";
import { cx } from "@/components/ui/cx";
import { features } from "./columns";
import { SelectionBar } from "./selection-bar";
import { SortLink } from "./sort-link";

const loadRowMenu = () => import("./row-menu");
const RowMenu = lazy(loadRowMenu);

interface Identified {
  id: string;
}

/**
 * A table of a server's page of rows: sort links, selection (Shift takes the range), a bar of actions for what is
 * selected, a menu per row. Where there is no room for columns each row becomes a card.
 */
export function DataTable<T extends Identified>({
  title,
  amount,
  rows,
  columns,
  nameOf,
  sort,
  rowMenu,
  fetchRowMenu,
  selectionActions,
  matching,
  empty,
  footer,
}: {
  /** The heading over the table, and its name. */
  title: string;
  /** How many rows there are on all pages: "3,412". */
  amount?: string;
  rows: T[];
  // biome-ignore lint/suspicious/noExplicitAny: each column has a value type of its own
  columns: ColumnDef<typeof features, T, any>[];
  /** What a row is called in the names of its checkbox and menu. */
  nameOf: (row: T) => string;
  /** The sort now (`name`, `-createdAt`), and the address of the same page sorted otherwise. */
  sort?: { now: string; href: (sort: string) => string };
  /** The items of one row's menu. */
  rowMenu?: (row: T) => ReactNode;
  /** Fetches what `rowMenu` needs, where that is not with the page; called when somebody comes near a row's menu. */
  fetchRowMenu?: () => Promise<unknown>;
  /** The buttons of the bar that stands in for the heading while rows are selected. */
  selectionActions?: (selected: T[], clear: () => void) => ReactNode;
  /** What can be done with all that the list holds beyond this page; offered once every row here is selected. */
  matching?: { amount: string; actions: (selected: T[], clear: () => void) => ReactNode } | false;
  /** Stands in for the table when there are no rows. */
  empty: ReactNode;
  footer?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  const [allOf, setAllOf] = useState<T[] | null>(null);
  const [menu, setMenu] = useState<{ row: T; anchor: HTMLElement; byKey: boolean } | null>(null);
  const table = useTable({ features, columns, data: rows, getRowId: (row) => row.id });
  const selected = table.getSelectedRowModel().rows.map((row) => row.original);
  const isPageSelected = rows.length > 0 && table.getIsAllRowsSelected();
  // Whoever takes a row out, or sees other rows, has not chosen all of them.
  const all = matching && isPageSelected && allOf === rows ? matching : null;
  // The bar goes with the selection, and what had the focus with it: the heading takes over.
  const clear = () => {
    table.resetRowSelection(true);
    setAllOf(null);
    heading.current?.focus();
  };
  const isSelectable = selectionActions !== undefined;

  return (
    <section aria-labelledby={headingId} className="@container flex flex-col gap-2">
      <div className="flex min-h-8 flex-wrap items-center gap-2">
        <h2
          id={headingId}
          ref={heading}
          tabIndex={-1}
          className={cx("text-base font-semibold outline-none", selected.length > 0 && "sr-only")}
        >
          {title}
        </h2>
        {selected.length > 0 ? (
          <SelectionBar
            selected={all ? `all ${all.amount}` : `${selected.length}`}
            page={
              isPageSelected ? undefined : { amount: rows.length, onSelect: () => table.toggleAllRowsSelected(true) }
            }
            all={
              matching && isPageSelected && !all
                ? { amount: matching.amount, onSelect: () => setAllOf(rows) }
                : undefined
            }
            onClear={clear}
          >
            {(all ? all.actions : selectionActions)?.(selected, clear)}
          </SelectionBar>
        ) : (
          amount && <span className="text-muted tabular-nums">{amount}</span>
        )}
      </div>
      {rows.length === 0 ? (
        empty
      ) : (
        <table aria-labelledby={headingId} className="data-table">
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {isSelectable && (
                  <th scope="col" className="w-9">
                    <Checkbox
                      aria-label={`Select all: ${title}`}
                      checked={isPageSelected}
                      indeterminate={table.getIsSomeRowsSelected() && !isPageSelected}
                      onChange={table.getToggleAllRowsSelectedHandler()}
                    />
                  </th>
                )}
                {group.headers.map((header) => {
                  const look = header.column.columnDef.meta;
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      className={look?.width}
                      data-yields={look?.yields}
                      aria-sort={look?.sort && sort ? ariaSort(look.sort, sort.now) : undefined}
                    >
                      {look?.sort && sort ? (
                        <SortLink column={look.sort} descendingFirst={look.sortsDescendingFirst} {...sort}>
                          <table.FlexRender header={header} />
                        </SortLink>
                      ) : (
                        <table.FlexRender header={header} />
                      )}
                    </th>
                  );
                })}
                {rowMenu && (
                  <th scope="col" className="w-11">
                    <span className="sr-only">Actions</span>
                  </th>
                )}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} data-selected={row.getIsSelected() || undefined}>
                {isSelectable && (
                  <td data-part="select">
                    <Checkbox
                      aria-label={`Select ${nameOf(row.original)}`}
                      checked={row.getIsSelected()}
                      onChange={row.getToggleSelectedHandler()}
                    />
                  </td>
                )}
                {row.getAllCells().map((cell) => {
                  const look = cell.column.columnDef.meta;
                  const Cell = look?.isName ? "th" : "td";
                  return (
                    <Cell
                      key={cell.id}
                      scope={look?.isName ? "row" : undefined}
                      data-part={look?.isName ? "name" : "value"}
                      data-label={labelOf(cell.column.columnDef.header)}
                      data-yields={look?.yields}
                    >
                      <table.FlexRender cell={cell} />
                    </Cell>
                  );
                })}
                {rowMenu && (
                  <td data-part="menu">
                    <RowMenuButton
                      name={nameOf(row.original)}
                      open={menu?.row.id === row.id}
                      onNear={() => Promise.all([loadRowMenu(), fetchRowMenu?.()])}
                      onOpen={(anchor, byKey) => setMenu({ row: row.original, anchor, byKey })}
                    />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {footer}
      {rowMenu && menu && (
        <Suspense>
          <RowMenu {...menu} name={nameOf(menu.row)} onClose={() => setMenu(null)}>
            {rowMenu(menu.row)}
          </RowMenu>
        </Suspense>
      )}
    </section>
  );
}

/** One menu serves all rows; each row has only this button. What it opens is fetched as soon as one comes near. */
function RowMenuButton({
  name,
  open,
  onNear,
  onOpen,
}: {
  name: string;
  open: boolean;
  onNear: () => void;
  onOpen: (anchor: HTMLElement, byKey: boolean) => void;
}) {
  const openBelow = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    onOpen(event.currentTarget, true);
  };
  return (
    <IconButton
      label={`Actions for ${name}`}
      aria-haspopup="menu"
      aria-expanded={open}
      onPointerEnter={onNear}
      onFocus={onNear}
      // A click by Enter, Space or a screen reader is the first of no clicks.
      onClick={(event) => onOpen(event.currentTarget, event.detail === 0)}
      onKeyDown={openBelow}
    >
      <Ellipsis aria-hidden />
    </IconButton>
  );
}

function ariaSort(column: string, now: string): "ascending" | "descending" | "none" {
  if (now === column) return "ascending";
  return now === `-${column}` ? "descending" : "none";
}

const labelOf = (header: unknown) => (typeof header === "string" ? header : undefined);
