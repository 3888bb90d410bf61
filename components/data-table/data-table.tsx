"use client";

import { type ColumnDef, useTable } from "@tanstack/react-table";
import { Ellipsis, X } from "lucide-react";
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useId, useRef, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/choice";
import { cx } from "@/components/ui/cx";
import { features } from "./columns";
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
  rows,
  columns,
  nameOf,
  sort,
  rowMenu,
  fetchRowMenu,
  selectionActions,
  empty,
  footer,
}: {
  /** The heading over the table, and its name. */
  title: string;
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
  /** Stands in for the table when there are no rows. */
  empty: ReactNode;
  footer?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  const [menu, setMenu] = useState<{ row: T; anchor: HTMLElement } | null>(null);
  const table = useTable({ features, columns, data: rows, getRowId: (row) => row.id });
  const selected = table.getSelectedRowModel().rows.map((row) => row.original);
  // The bar goes with the selection, and what had the focus with it: the heading takes over.
  const clear = () => {
    table.resetRowSelection(true);
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
        {selected.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
          <div role="group" aria-label="Selected rows" className="flex flex-wrap items-center gap-2">
            <span role="status" className="font-medium tabular-nums">
              {selected.length} selected
            </span>
            {selectionActions?.(selected, clear)}
            <Button variant="quiet" size="sm" icon={<X aria-hidden />} onClick={clear}>
              Clear
            </Button>
          </div>
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
                      checked={table.getIsAllRowsSelected()}
                      indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
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
                      onOpen={(anchor) => setMenu({ row: row.original, anchor })}
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
          <RowMenu anchor={menu.anchor} name={nameOf(menu.row)} onClose={() => setMenu(null)}>
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
  onOpen: (anchor: HTMLElement) => void;
}) {
  const openBelow = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    onOpen(event.currentTarget);
  };
  return (
    <IconButton
      label={`Actions for ${name}`}
      aria-haspopup="menu"
      aria-expanded={open}
      onPointerEnter={onNear}
      onFocus={onNear}
      onClick={(event) => onOpen(event.currentTarget)}
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
