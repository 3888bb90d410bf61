"use client";

import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Select } from "@/components/forms/input";
import { type Chart, type ChartPoint, chartKinds, measuresOf, pointsOf } from "./chart";
import { drawChart } from "./draw-chart";
import type { ResultTable } from "./result";
import { useSize } from "./use-size";

/** A result as bars or a line. The columns can be chosen. The table has the same values for readers who cannot see it. */
export default function ResultChart({ table, opening }: { table: ResultTable; opening: Chart }) {
  const [chart, setChart] = useState(opening);
  const { points, omitted } = useMemo(() => pointsOf(table, chart), [table, chart]);
  const [x, y] = [table.columns[chart.x]?.name ?? "", table.columns[chart.y]?.name ?? ""];
  const columns = table.columns.map((_, at) => at);

  return (
    <figure className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        <Choice
          label="Show"
          options={chartKinds.map((kind) => ({ value: kind, name: kindWords[kind] }))}
          value={chart.kind}
          onChange={(value) => setChart({ ...chart, kind: value === "line" ? "line" : "bars" })}
        />
        <ColumnChoice
          label="of"
          table={table}
          positions={measuresOf(table)}
          value={chart.y}
          onChange={(at) => setChart({ ...chart, y: at })}
        />
        <ColumnChoice
          label="by"
          table={table}
          positions={columns}
          value={chart.x}
          onChange={(at) => setChart({ ...chart, x: at })}
        />
      </div>
      <Drawing points={points} kind={chart.kind} names={{ x, y }} />
      {omitted > 0 && (
        <figcaption className="text-sm text-muted">
          {omitted.toLocaleString("en")} of {table.rows.length.toLocaleString("en")} rows are not in this chart: rows
          without a value, and rows beyond what fits.
        </figcaption>
      )}
    </figure>
  );
}

const kindWords = { bars: "Bars", line: "Line" };

function Drawing({
  points,
  kind,
  names,
}: {
  points: ChartPoint[];
  kind: Chart["kind"];
  names: { x: string; y: string };
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [width = 0] = useSize(frame) ?? [];

  useEffect(() => {
    if (!frame.current || width === 0) return;
    const title = `${kindWords[kind]} of ${names.y} by ${names.x}`;
    const drawing = drawChart(points, { kind, names, title, width });
    frame.current.replaceChildren(drawing);
    return () => drawing.remove();
  }, [points, kind, names, width]);

  return <div ref={frame} className="min-h-64 rounded border border-line bg-surface p-3 text-sm" />;
}

function ColumnChoice({
  label,
  table,
  positions,
  value,
  onChange,
}: {
  label: string;
  table: ResultTable;
  positions: number[];
  value: number;
  onChange: (at: number) => void;
}) {
  const options = positions.map((at) => ({ value: String(at), name: table.columns[at]?.name ?? "" }));
  return (
    <Choice label={label} options={options} value={String(value)} onChange={(position) => onChange(Number(position))} />
  );
}

function Choice({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: { value: string; name: string }[];
  value: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="text-sm text-muted">
        {label}
      </label>
      <Select id={id} value={value} onChange={(event) => onChange(event.target.value)} className="w-40 max-w-[60vw]">
        {options.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </Select>
    </div>
  );
}
