"use client";

import { lazy, type ReactNode, Suspense, useCallback, useId, useRef, useState } from "react";
import { Checkbox } from "@/components/forms/choice";
import { cx } from "@/components/ui/cx";
import type { Column } from "./columns";
import { SelectionBar } from "./selection-bar";
import { SortLink } from "./sort-link";
import { TableRow } from "./table-row";
import { useSelection } from "./use-selection";

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
  columns: Column<T>[];
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
  // Whoever takes a row out, and puts it in again, has not chosen all of them once more.
  const onSelection = useCallback(() => setAllOf(null), []);
  const {
    selected,
    isSelected,
    isPageSelected,
    select,
    selectPage,
    clear: clearSelection,
  } = useSelection(rows, onSelection);
  const openMenu = useCallback((row: T, anchor: HTMLElement, byKey: boolean) => setMenu({ row, anchor, byKey }), []);
  const fetchMenu = useCallback(() => Promise.all([loadRowMenu(), fetchRowMenu?.()]), [fetchRowMenu]);
  // Who sees other rows has not chosen all of them.
  const all = matching && isPageSelected && allOf === rows ? matching : null;
  // The bar goes with the selection, and what had the focus with it: the heading takes over.
  const clear = () => {
    clearSelection();
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
            page={isPageSelected ? undefined : { amount: rows.length, onSelect: () => selectPage(true) }}
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
            <tr>
              {isSelectable && (
                <th scope="col" className="w-9">
                  <Checkbox
                    aria-label={`Select all: ${title}`}
                    checked={isPageSelected}
                    indeterminate={selected.length > 0 && !isPageSelected}
                    onChange={(event) => selectPage(event.target.checked)}
                  />
                </th>
              )}
              {columns.map((column) => (
                <th
                  key={column.header}
                  scope="col"
                  className={column.width}
                  data-yields={column.hideWhenNarrow}
                  aria-sort={column.sort && sort ? ariaSort(column.sort, sort.now) : undefined}
                >
                  {column.sort && sort ? (
                    <SortLink column={column.sort} descendingFirst={column.sortsDescendingFirst} {...sort}>
                      {column.header}
                    </SortLink>
                  ) : (
                    column.header
                  )}
                </th>
              ))}
              {rowMenu && (
                <th scope="col" className="w-11">
                  <span className="sr-only">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <TableRow
                key={row.id}
                row={row}
                columns={columns}
                name={nameOf(row)}
                isSelected={isSelected(row)}
                isMenuOpen={menu?.row.id === row.id}
                onSelect={isSelectable ? select : undefined}
                onMenu={rowMenu && openMenu}
                onNearMenu={fetchMenu}
              />
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

function ariaSort(column: string, now: string): "ascending" | "descending" | "none" {
  if (now === column) return "ascending";
  return now === `-${column}` ? "descending" : "none";
}
