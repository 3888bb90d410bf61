"use client";

import { ArrowDown, ArrowUp, MapPin } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import type { Cell, ResultTable } from "./result";
import { orderRows, type ResultOrder } from "./result-order";

const pageLength = 50;

/**
 * The rows of a result, a page at a time, sorted by the reader. Where the rows have places, each row's number is a button
 * that chooses it; a row that is chosen elsewhere is brought to the page.
 */
export function ResultGrid({
  table,
  selected,
  onSelect,
}: {
  table: ResultTable;
  selected: number | null;
  /** Only given when the rows have places to choose. */
  onSelect?: (row: number | null) => void;
}) {
  const frame = useRef<HTMLElement>(null);
  const [order, setOrder] = useState<ResultOrder>(null);
  const [page, setPage] = useState(0);
  const ordered = useMemo(() => orderRows(table, order), [table, order]);
  const pages = Math.max(1, Math.ceil(ordered.length / pageLength));
  const shown = ordered.slice(page * pageLength, (page + 1) * pageLength);

  useEffect(() => {
    if (selected !== null) setPage(Math.floor(ordered.indexOf(selected) / pageLength));
  }, [selected, ordered]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the row may only be there once its page is
  useEffect(() => {
    if (selected !== null) revealRow(frame.current, selected);
  }, [selected, page]);

  function sortBy(column: number) {
    setOrder(nextOrder(order, column));
    setPage(0);
  }

  return (
    <div className="flex flex-col gap-2">
      <section
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
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
              {table.columns.map((column, at) => (
                <th
                  key={column.name}
                  scope="col"
                  aria-sort={order?.column === at ? (order.descending ? "descending" : "ascending") : "none"}
                  className={cx(headCell, column.kind === "number" && "text-right")}
                >
                  <button
                    type="button"
                    onClick={() => sortBy(at)}
                    className={cx(
                      "-mx-1 inline-flex h-6 items-center gap-1 rounded-[4px] px-1 align-middle whitespace-nowrap hover:text-ink focus-visible:outline-offset-0",
                      column.kind === "number" && "flex-row-reverse",
                    )}
                  >
                    {column.name}
                    {order?.column === at ? <SortArrow descending={order.descending} /> : <span className="size-3.5" />}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row} data-row={row} className={cx(row === selected ? "bg-clay-wash" : "hover:bg-sunken/60")}>
                <th scope="row" className={cx(bodyCell, "text-right font-normal text-muted")}>
                  {onSelect && table.geometries?.[row] ? (
                    <button
                      type="button"
                      aria-pressed={row === selected}
                      title="Show on the map"
                      onClick={() => onSelect(row === selected ? null : row)}
                      className="group -mx-1 inline-flex h-6 min-w-6 items-center justify-end gap-1 rounded-[4px] px-1 hover:text-ink focus-visible:outline-offset-0 aria-pressed:text-clay-ink"
                    >
                      <MapPin
                        aria-hidden
                        className="size-3.5 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100 group-aria-pressed:opacity-100"
                      />
                      <span className="sr-only">Show on the map: row </span>
                      {row + 1}
                    </button>
                  ) : (
                    row + 1
                  )}
                </th>
                {table.columns.map((column, at) => (
                  <td key={column.name} className={cx(bodyCell, column.kind === "number" && "text-right tabular-nums")}>
                    <CellText cell={table.rows[row]?.[at] ?? null} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {pages > 1 && (
        <nav aria-label="Pages of the result" className="flex flex-wrap items-center justify-end gap-2">
          <span role="status" className="text-sm text-muted tabular-nums">
            {`${page * pageLength + 1}–${page * pageLength + shown.length} of ${ordered.length.toLocaleString("en")}`}
          </span>
          <Button size="sm" aria-disabled={page === 0} onClick={() => setPage(Math.max(0, page - 1))}>
            Previous
          </Button>
          <Button size="sm" aria-disabled={page === pages - 1} onClick={() => setPage(Math.min(pages - 1, page + 1))}>
            Next
          </Button>
        </nav>
      )}
    </div>
  );
}

const headCell =
  "sticky top-0 z-10 border-b border-line bg-surface px-3 py-1.5 text-left text-sm font-medium text-muted first:pl-4 last:pr-4";
const bodyCell =
  "max-w-72 border-b border-line px-3 py-1.5 align-middle [tr:last-child>&]:border-b-0 first:pl-4 last:pr-4";

/** Scrolls the table, and only the table, until the row is seen. */
function revealRow(frame: HTMLElement | null, row: number) {
  const found = frame?.querySelector<HTMLElement>(`[data-row="${row}"]`);
  if (!frame || !found) return;
  const top = found.offsetTop - headHeight;
  const bottom = found.offsetTop + found.offsetHeight;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (bottom > frame.scrollTop + frame.clientHeight) frame.scrollTop = bottom - frame.clientHeight;
}

const headHeight = 40;

/** Ascending, descending, then the result's own order again. */
function nextOrder(order: ResultOrder, column: number): ResultOrder {
  if (order?.column !== column) return { column, descending: false };
  return order.descending ? null : { column, descending: true };
}

function SortArrow({ descending }: { descending: boolean }) {
  const Arrow = descending ? ArrowDown : ArrowUp;
  return <Arrow aria-hidden className="size-3.5" />;
}

function CellText({ cell }: { cell: Cell }) {
  if (cell === null) return <span className="text-muted">–</span>;
  const text = String(cell);
  if (typeof cell === "string" && /^https?:\/\/\S+$/.test(cell)) {
    return (
      <a
        href={cell}
        target="_blank"
        rel="noreferrer"
        title={cell}
        className="block truncate rounded-[4px] text-clay-ink underline underline-offset-2"
      >
        {text.replace(/^https?:\/\/(www\.)?/, "")}
      </a>
    );
  }
  return (
    <span
      className={cx("block", typeof cell === "string" ? "truncate" : "whitespace-nowrap")}
      title={text.length > 30 ? text : undefined}
    >
      {text}
    </span>
  );
}
