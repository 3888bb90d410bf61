"use client";

import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { part } from "@/components/parts/part";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";
import { firstChart } from "./chart";
import { wordsForNotDrawn } from "./not-drawn";
import { requestedPlace } from "./places";
import type { ResultTable } from "./result";
import { ResultGrid } from "./result-grid";
import { type FinishedRun, useResult } from "./use-result";
import { WithFallback } from "./with-fallback";

const mapHeight = "h-64 sm:h-80 lg:h-96";
const ResultChart = part(() => import("./result-chart"), { placeholder: <Skeleton className="h-80" /> });
const ResultMap = part(() => import("./result-map"), { placeholder: <Skeleton className={mapHeight} /> });

/** Shows the result of a succeeded run: as a table, a chart, and a map where the rows have places; or else as text. */
export function ResultView({ run }: { run: FinishedRun }) {
  const shown = useResult(run);
  switch (shown.state) {
    case "reading":
      return <ResultSkeleton withMap={run.output === "geojson"} />;
    case "table":
      return <Views table={shown.table} parameters={run.parameters} />;
    case "text":
      return (
        <div className="flex flex-col gap-2">
          {shown.why && <Notice tone="warn">{shown.why}</Notice>}
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
            tabIndex={0}
            aria-label="Result text"
            className="max-h-[36rem] overflow-auto rounded border border-line bg-surface px-4 py-3"
          >
            <pre className="font-mono text-sm break-words whitespace-pre-wrap">{shown.text}</pre>
          </section>
        </div>
      );
    case "none":
      return <EmptyState title={shown.why}>Download the file to view it.</EmptyState>;
    case "unreachable":
      return (
        <Notice tone="bad" title="Couldn't load the result.">
          <p className="mb-2">The run succeeded, but its result couldn't be loaded.</p>
          <Button size="sm" onClick={shown.retry}>
            Try again
          </Button>
        </Notice>
      );
  }
}

/** Downloads the result. It is a plain link, so that the browser saves the file and large results never enter the page. */
export function DownloadResult({ run: { resultPath, result } }: { run: FinishedRun }) {
  return (
    <a
      href={resultPath}
      download={result?.fileName}
      className="inline-flex h-8 shrink-0 items-center gap-2 rounded border border-edge/60 bg-surface px-3 font-medium whitespace-nowrap hover:bg-sunken [&_svg]:size-4"
    >
      <Download aria-hidden />
      Download
    </a>
  );
}

function Views({ table, parameters }: { table: ResultTable; parameters: FinishedRun["parameters"] }) {
  const chart = useMemo(() => firstChart(table), [table]);
  const [view, setView] = useState<"rows" | "chart">("rows");

  if (table.rows.length === 0) {
    return (
      <EmptyState title="No rows">The run succeeded, but no data matches these values. Try a wider range.</EmptyState>
    );
  }
  const hasPlaces = table.geometries?.some((geometry) => geometry !== null) ?? false;
  const views = [
    { id: "rows", name: hasPlaces ? "Map and table" : "Table" },
    { id: "chart", name: "Chart" },
  ] as const;
  return (
    <div className="flex flex-col gap-4">
      {chart && <ViewSwitch views={views} current={view} onChange={setView} />}
      {chart && view === "chart" ? (
        <WithFallback fallback={<ChartUnavailable />}>
          <ResultChart table={table} opening={chart} />
        </WithFallback>
      ) : (
        <Rows table={table} parameters={parameters} hasPlaces={hasPlaces} />
      )}
    </div>
  );
}

/** Chooses how a result is shown. */
function ViewSwitch<Id extends string>({
  views,
  current,
  onChange,
}: {
  views: readonly { id: Id; name: string }[];
  current: Id;
  onChange: (id: Id) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      role="group"
      aria-label="Show result as"
      className="flex w-fit gap-0.5 rounded border border-line bg-sunken p-0.5"
    >
      {views.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === current}
          onClick={() => onChange(id)}
          className="h-7 rounded-[4px] px-2.5 text-sm text-muted hover:text-ink aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-xs"
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** The rows as a table, and on a map where they have places. */
function Rows({
  table,
  parameters,
  hasPlaces,
}: {
  table: ResultTable;
  parameters: FinishedRun["parameters"];
  hasPlaces: boolean;
}) {
  const requested = useMemo(() => requestedPlace(parameters), [parameters]);
  const [selected, setSelected] = useState<number | null>(null);
  return (
    <>
      {hasPlaces && (
        <WithFallback fallback={<MapUnavailable />}>
          <ResultMap table={table} requested={requested} selected={selected} onSelect={setSelected} />
        </WithFallback>
      )}
      {table.geometries && !hasPlaces && (
        <p className="text-sm text-muted">No row has a place for a map. {wordsForNotDrawn(table)}</p>
      )}
      <ResultGrid table={table} selected={selected} onSelect={hasPlaces ? setSelected : undefined} />
    </>
  );
}

function ResultSkeleton({ withMap }: { withMap: boolean }) {
  return (
    <div className="flex flex-col gap-4">
      {withMap && <Skeleton className={mapHeight} />}
      <TableSkeleton rows={6} />
    </div>
  );
}

function MapUnavailable() {
  return <Notice>Couldn't show the map. The table shows the same rows.</Notice>;
}

function ChartUnavailable() {
  return <Notice>Couldn't show the chart. The table shows the same rows.</Notice>;
}
