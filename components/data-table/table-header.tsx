"use client";

import type { Header, RowData, SortDirection } from "@tanstack/react-table";
import { Checkbox } from "@/components/forms/choice";
import type { Features } from "./definition";
import { SortLink } from "./sort-link";
import type { DataTableInstance } from "./use-data-table";

/** The order of the rows (`name`, `-createdAt`: a minus means descending), and the URL of the same page in another order. */
export interface TableSort {
  now: string;
  href: (sort: string) => string;
}

/** The row of column headers, with the box that selects the page. */
export function TableHeader<Row extends RowData>({
  table,
  title,
  sort,
  isSelectable,
  hasMenu,
}: {
  table: DataTableInstance<Row>;
  title: string;
  sort?: TableSort;
  isSelectable: boolean;
  hasMenu: boolean;
}) {
  const isPageSelected = table.getIsAllPageRowsSelected();
  return (
    <thead>
      {table.getHeaderGroups().map((group) => (
        <tr key={group.id}>
          {isSelectable && (
            <th scope="col" className="w-9">
              <Checkbox
                aria-label={`Select all: ${title}`}
                checked={isPageSelected}
                indeterminate={table.getIsSomePageRowsSelected() && !isPageSelected}
                onChange={table.getToggleAllPageRowsSelectedHandler()}
              />
            </th>
          )}
          {group.headers.map((header) => (
            <ColumnHeader key={header.id} header={header} sort={sort} />
          ))}
          {hasMenu && (
            <th scope="col" className="w-11">
              <span className="sr-only">Actions</span>
            </th>
          )}
        </tr>
      ))}
    </thead>
  );
}

const ariaSort = { asc: "ascending", desc: "descending" } as const;

function ColumnHeader<Row extends RowData>({
  header: { column },
  sort,
}: {
  header: Header<Features, Row>;
  sort?: TableSort;
}) {
  const { header: label, meta } = column.columnDef;
  if (!sort || !meta?.sort) {
    return (
      <th scope="col" className={meta?.width} data-hide-when-narrow={meta?.hideWhenNarrow}>
        {String(label)}
      </th>
    );
  }
  const sorted = directionOf(column.id, sort.now);
  const next = sorted ? opposite[sorted] : meta.sort;
  return (
    <th
      scope="col"
      className={meta.width}
      data-hide-when-narrow={meta.hideWhenNarrow}
      aria-sort={sorted ? ariaSort[sorted] : "none"}
    >
      <SortLink sorted={sorted} href={sort.href(next === "desc" ? `-${column.id}` : column.id)}>
        {String(label)}
      </SortLink>
    </th>
  );
}

const opposite = { asc: "desc", desc: "asc" } as const;

function directionOf(columnId: string, sort: string): SortDirection | null {
  if (sort === columnId) return "asc";
  return sort === `-${columnId}` ? "desc" : null;
}
