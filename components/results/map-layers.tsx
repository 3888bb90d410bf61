import { memo } from "react";
import type { Outline } from "./map-projection";
import type { Dot, Place } from "./places";

export const Land = memo(function Land({ outline, scale }: { outline: Outline | null; scale: number }) {
  if (!outline) return null;
  return (
    <g transform={`scale(${scale})`}>
      <path
        d={outline.land}
        className="fill-surface stroke-edge/60 dark:fill-sunken"
        vectorEffect="non-scaling-stroke"
      />
      <path d={outline.borders} className="fill-none stroke-edge/40" vectorEffect="non-scaling-stroke" />
    </g>
  );
});

/** Draws the places of the rows. Dots keep their size when the map is zoomed. */
export const Places = memo(function Places({ places, scale }: { places: Place[]; scale: number }) {
  return places.map((place) =>
    "path" in place ? (
      <path
        key={place.row}
        d={place.path}
        data-row={place.row}
        transform={`scale(${scale})`}
        vectorEffect="non-scaling-stroke"
        className="fill-clay/20 stroke-clay-ink"
      />
    ) : (
      <circle
        key={place.row}
        cx={place.x * scale}
        cy={place.y * scale}
        r={place.radius}
        className="fill-clay/35 stroke-clay-ink"
      />
    ),
  );
});

/** Draws a ring around the selected dot. */
export function SelectedPlace({ dot: { x, y, radius }, scale }: { dot: Dot; scale: number }) {
  return <circle cx={x * scale} cy={y * scale} r={radius + 4} className="fill-none stroke-ink stroke-2" />;
}

/** Draws a cross at the place that the run's parameters name. */
export function RequestedPlace({ at: [x, y], scale }: { at: [number, number]; scale: number }) {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return null;
  return (
    <path
      d="M-8 0H-2M2 0H8M0 -8V-2M0 2V8"
      transform={`translate(${x * scale} ${y * scale})`}
      className="stroke-ink stroke-[1.5]"
    />
  );
}

/** Shows how long a round distance is on the map. */
export function ScaleBar({ label, pixels }: { label: string; pixels: number }) {
  return (
    <div className="pointer-events-none absolute bottom-2 left-2 rounded-[4px] bg-surface/85 px-1.5 py-0.5 text-xs text-muted tabular-nums">
      <svg aria-hidden="true" width={pixels} height="5" className="mb-px block stroke-current">
        <path d={`M.5 0V4.5H${pixels - 0.5}V0`} fill="none" />
      </svg>
      {label}
    </div>
  );
}
