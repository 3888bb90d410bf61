import {
  createColumnHelper,
  createPaginatedRowModel,
  createSortedRowModel,
  metaHelper,
  type PaginationState,
  type ReactTable,
  rowPaginationFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useEffect, useMemo, useState } from "react";
import type { Cell, ResultColumn, ResultTable } from "./result";
import { compareCells } from "./result-order";

const features = tableFeatures({
  rowSortingFeature,
  rowPaginationFeature,
  sortedRowModel: createSortedRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
  columnMeta: metaHelper<{ kind: ResultColumn["kind"] }>(),
});
export type Features = typeof features;
export type Grid = ReactTable<Features, Cell[]>;

/** More columns, or longer texts in cells that show a few lines, would make the page slow. */
export const columnsMax = 200;
const shownLengthMax = 2_000;

const firstPage: PaginationState = { pageIndex: 0, pageSize: 50 };

const column = createColumnHelper<Features, Cell[]>();

/** Creates the TanStack table. Its page changes to that of a newly selected row. */
export function useResultGrid(table: ResultTable, selected: number | null): Grid {
  const [sorting, setSorting] = useState<SortingState>([]);
  const [pagination, setPagination] = useState(firstPage);
  const columns = useMemo(
    () =>
      column.columns(
        table.columns.slice(0, columnsMax).map(({ name, kind }, at) =>
          // Two columns of a result may have the same name, so the id is the position.
          column.accessor((row) => row[at] ?? undefined, {
            id: String(at),
            header: name,
            meta: { kind },
            // Empty cells come last in either direction.
            sortUndefined: "last",
            sortFn: (one, other, id) => compareCells(one.getValue(id), other.getValue(id), kind),
            cell: ({ getValue }) => <CellText cell={getValue() ?? null} kind={kind} />,
          }),
        ),
      ),
    [table],
  );
  const grid = useTable({
    features,
    columns,
    data: table.rows,
    state: { sorting, pagination },
    onSortingChange: (updater) => {
      setSorting(updater);
      setPagination(firstPage);
    },
    onPaginationChange: setPagination,
    autoResetPageIndex: false,
    enableMultiSort: false,
    sortDescFirst: false,
  });
  const ordered = grid.getPrePaginatedRowModel().rows;
  useEffect(() => {
    const at = ordered.findIndex((row) => row.index === selected);
    if (at >= 0) setPagination((now) => ({ ...now, pageIndex: Math.floor(at / now.pageSize) }));
  }, [selected, ordered]);
  return grid;
}

/** Shows the text as it was answered, with its spaces and line ends. */
function CellText({ cell, kind }: { cell: Cell; kind: ResultColumn["kind"] }) {
  if (cell === null) return <span className="text-muted">–</span>;
  if (/^https?:\/\/\S+$/.test(cell)) {
    return (
      <a
        href={cell}
        target="_blank"
        rel="noreferrer"
        title={cell}
        className="block truncate rounded-[4px] text-clay-ink underline underline-offset-2"
      >
        {cell}
      </a>
    );
  }
  const shown = cell.length > shownLengthMax ? `${cell.slice(0, shownLengthMax)}…` : cell;
  return (
    <span
      className={
        kind === "number" ? "block whitespace-nowrap" : "block max-h-20 overflow-hidden text-ellipsis whitespace-pre"
      }
      title={shown.length > 30 || shown.includes("\n") ? shown : undefined}
    >
      {shown}
    </span>
  );
}
