"use client";

import { type Column, flexRender, type Row } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, MapPin } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import type { Cell, ResultTable } from "./result";
import { columnsMax, type Features, type Grid, useResultGrid } from "./use-result-grid";

/**
 * Shows the rows of a result in pages, which the reader can sort. If rows have places, the number of such a row is a button
 * that selects it. If the map selects a row, the grid shows the page of that row.
 */
export function ResultGrid({
  table,
  selected,
  onSelect,
}: {
  table: ResultTable;
  selected: number | null;
  /** Only given when the rows have places to select. */
  onSelect?: (row: number | null) => void;
}) {
  const frame = useRef<HTMLElement>(null);
  const grid = useResultGrid(table, selected);
  const { pageIndex } = grid.state.pagination;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the row exists only once its page is shown
  useEffect(() => {
    if (selected !== null) revealRow(frame.current, selected);
  }, [selected, pageIndex]);

  return (
    <div className="flex flex-col gap-2">
      <section
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        aria-label="Rows of the result"
        className="relative max-h-[36rem] overflow-auto rounded border border-line bg-surface"
      >
        <table className="w-full border-separate border-spacing-0 text-base">
          <thead>
            <tr>
              <th scope="col" className={cx(headCell, "w-0 text-right")}>
                <span className="sr-only">Row</span>
              </th>
              {grid.getAllLeafColumns().map((column) => (
                <ColumnHeader key={column.id} column={column} sorted={column.getIsSorted()} />
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.getRowModel().rows.map((row) => (
              <ResultRow
                key={row.id}
                row={row}
                isSelected={row.index === selected}
                onSelect={table.geometries?.[row.index] ? onSelect : undefined}
              />
            ))}
          </tbody>
        </table>
      </section>
      {table.columns.length > columnsMax && (
        <p className="text-sm text-muted">
          {`Only the first ${columnsMax} of ${table.columns.length.toLocaleString("en")} columns are shown. The file has all.`}
        </p>
      )}
      {grid.getPageCount() > 1 && <ResultPager grid={grid} />}
    </div>
  );
}

const ariaSort = { asc: "ascending", desc: "descending" } as const;

/** A click sorts ascending, the next one descending, and the third restores the order of the result. */
function ColumnHeader({ column, sorted }: { column: Column<Features, Cell[]>; sorted: "asc" | "desc" | false }) {
  const { header, meta } = column.columnDef;
  const isNumber = meta?.kind === "number";
  const Arrow = sorted === "desc" ? ArrowDown : ArrowUp;
  return (
    <th scope="col" aria-sort={sorted ? ariaSort[sorted] : "none"} className={cx(headCell, isNumber && "text-right")}>
      <button
        type="button"
        onClick={() => column.toggleSorting()}
        className={cx(
          "-mx-1 inline-flex h-6 items-center gap-1 rounded-[4px] px-1 align-middle whitespace-nowrap hover:text-ink focus-visible:outline-offset-0",
          isNumber && "flex-row-reverse",
        )}
      >
        {String(header)}
        {sorted ? <Arrow aria-hidden className="size-3.5" /> : <span className="size-3.5" />}
      </button>
    </th>
  );
}

function ResultRow({
  row,
  isSelected,
  onSelect,
}: {
  row: Row<Features, Cell[]>;
  isSelected: boolean;
  /** Only given for a row with a place. */
  onSelect?: (row: number | null) => void;
}) {
  return (
    <tr data-row={row.index} className={cx(isSelected ? "bg-clay-wash" : "hover:bg-sunken/60")}>
      <th scope="row" className={cx(bodyCell, "text-right font-normal text-muted")}>
        {onSelect ? (
          <button
            type="button"
            aria-pressed={isSelected}
            title="Show on the map"
            onClick={() => onSelect(isSelected ? null : row.index)}
            className="group -mx-1 inline-flex h-6 min-w-6 items-center justify-end gap-1 rounded-[4px] px-1 hover:text-ink focus-visible:outline-offset-0 aria-pressed:text-clay-ink"
          >
            <MapPin
              aria-hidden
              className="size-3.5 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100 group-aria-pressed:opacity-100"
            />
            <span className="sr-only">Show on the map: row </span>
            {row.index + 1}
          </button>
        ) : (
          row.index + 1
        )}
      </th>
      {row.getAllCells().map((cell) => {
        const isNumber = cell.column.columnDef.meta?.kind === "number";
        return (
          <td key={cell.id} className={cx(bodyCell, isNumber && "text-right tabular-nums")}>
            {flexRender(cell.column.columnDef.cell, cell.getContext())}
          </td>
        );
      })}
    </tr>
  );
}

function ResultPager({ grid }: { grid: Grid }) {
  const { pageIndex, pageSize } = grid.state.pagination;
  const first = pageIndex * pageSize + 1;
  const last = first + grid.getRowModel().rows.length - 1;
  const [canGoBack, canGoOn] = [grid.getCanPreviousPage(), grid.getCanNextPage()];
  return (
    <nav aria-label="Pages of the result" className="flex flex-wrap items-center justify-end gap-2">
      <span role="status" className="text-sm text-muted tabular-nums">
        {`${first}–${last} of ${grid.getRowCount().toLocaleString("en")}`}
      </span>
      <Button size="sm" aria-disabled={!canGoBack} onClick={() => canGoBack && grid.previousPage()}>
        Previous
      </Button>
      <Button size="sm" aria-disabled={!canGoOn} onClick={() => canGoOn && grid.nextPage()}>
        Next
      </Button>
    </nav>
  );
}

const headCell =
  "sticky top-0 z-10 border-b border-line bg-surface px-3 py-1.5 text-left text-sm font-medium text-muted first:pl-4 last:pr-4";
const bodyCell =
  "max-w-72 border-b border-line px-3 py-1.5 align-middle [tr:last-child>&]:border-b-0 first:pl-4 last:pr-4";

/** Scrolls the table, and only the table, until the row is visible. */
function revealRow(frame: HTMLElement | null, row: number) {
  const found = frame?.querySelector<HTMLElement>(`[data-row="${row}"]`);
  if (!frame || !found) return;
  const top = found.offsetTop - headHeight;
  const bottom = found.offsetTop + found.offsetHeight;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (bottom > frame.scrollTop + frame.clientHeight) frame.scrollTop = bottom - frame.clientHeight;
}

const headHeight = 40;
