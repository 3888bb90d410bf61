"use client";

import { Maximize, Minus, Plus } from "lucide-react";
import { memo, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { drawOutline, kilometresPerPixel, type Outline, type Place, placeRows, projectionFor } from "./map-projection";
import { centred, fittedView, scaleBar } from "./map-view";
import { PlaceCard } from "./place-card";
import { radiusOf, titleOf } from "./places";
import type { ResultTable } from "./result";
import { useMapView } from "./use-map-view";
import { useSize } from "./use-size";

/** More would make dragging slow; the table has them all. */
const placesMost = 2000;

/**
 * The places of a result on a map that needs no network: outlines are bundled. A place that is chosen here is chosen in
 * the table, and the other way round; so whoever cannot use the map loses nothing.
 */
export default function ResultMap({
  table,
  selected,
  onSelect,
}: {
  table: ResultTable;
  selected: number | null;
  onSelect: (row: number | null) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const { view, setView, zoomBy, hasDragged, handlers } = useMapView(frame, size);
  const [hovered, setHovered] = useState<number | null>(null);

  const geometries = table.geometries ?? [];
  const projection = useMemo(() => size && projectionFor(geometries, size), [geometries, size]);
  const outline = useOutline(projection);
  const places = useMemo(() => {
    if (!projection) return [];
    const drawn = placeRows(geometries, projection).slice(0, placesMost);
    return drawn.sort((one, other) => radiusOf(table, other.row) - radiusOf(table, one.row));
  }, [geometries, projection, table]);

  const chosen = places.find((place) => place.row === selected);
  const pointedAt = places.find((place) => place.row === (hovered ?? selected));

  // What was chosen in the table may lie outside of the view.
  useEffect(() => {
    if (!size || !chosen || !("x" in chosen)) return;
    setView((now) => {
      const x = chosen.x * now.scale + now.x;
      const y = chosen.y * now.scale + now.y;
      return x > 0 && y > 0 && x < size[0] && y < size[1] ? now : centred(now, chosen, size);
    });
  }, [chosen, size, setView]);

  function placeUnder(event: PointerEvent<HTMLElement>): number | null {
    const box = event.currentTarget.getBoundingClientRect();
    const slack = event.pointerType === "touch" ? 16 : 6;
    const hit = (place: Place) =>
      "x" in place
        ? Math.hypot(
            place.x * view.scale + view.x - (event.clientX - box.left),
            place.y * view.scale + view.y - (event.clientY - box.top),
          ) -
          radiusOf(table, place.row) -
          slack
        : Number.POSITIVE_INFINITY;
    const shape = event.target instanceof Element ? event.target.getAttribute("data-row") : null;
    const nearest = places.reduce<{ row: number; gap: number } | null>((best, place) => {
      const gap = hit(place);
      return gap <= 0 && (best === null || gap <= best.gap) ? { row: place.row, gap } : best;
    }, null);
    return nearest?.row ?? (shape === null ? null : Number(shape));
  }

  const bar = projection && size && scaleBar(kilometresPerPixel(projection, size) / view.scale, 96);
  const hidden = geometries.filter((geometry) => geometry !== null).length - places.length;

  return (
    <figure className="flex flex-col gap-1.5">
      <div
        ref={frame}
        {...handlers}
        onPointerMove={(event) => {
          handlers.onPointerMove(event);
          setHovered(event.pointerType === "mouse" && event.buttons === 0 ? placeUnder(event) : null);
        }}
        onPointerLeave={(event) => {
          handlers.onPointerLeave(event);
          setHovered(null);
        }}
        onPointerUp={(event) => {
          handlers.onPointerUp(event);
          if (!hasDragged.current && !(event.target instanceof Element && event.target.closest("button")))
            onSelect(placeUnder(event));
        }}
        className={cx(
          "relative h-64 touch-pan-x touch-pan-y overflow-hidden rounded border border-line bg-sunken select-none sm:h-80 lg:h-96",
          hovered === null ? "cursor-grab active:cursor-grabbing" : "cursor-pointer",
        )}
      >
        <svg
          role="img"
          aria-label={`Map with ${places.length} places; the table has the same rows`}
          className="size-full"
        >
          <g transform={`translate(${view.x} ${view.y})`}>
            <Land outline={outline} scale={view.scale} />
            <Places table={table} places={places} scale={view.scale} />
            {chosen && "x" in chosen && (
              <circle
                cx={chosen.x * view.scale}
                cy={chosen.y * view.scale}
                r={radiusOf(table, chosen.row) + 4}
                className="fill-none stroke-ink stroke-2"
              />
            )}
          </g>
        </svg>
        {pointedAt && "x" in pointedAt && size && (
          <PlaceCard
            table={table}
            row={pointedAt.row}
            x={pointedAt.x * view.scale + view.x}
            y={pointedAt.y * view.scale + view.y}
            gap={radiusOf(table, pointedAt.row) + 8}
            size={size}
          />
        )}
        <div className="absolute top-2 right-2 flex flex-col rounded border border-line bg-surface">
          <IconButton label="Zoom in" onClick={() => zoomBy(1.5)}>
            <Plus aria-hidden />
          </IconButton>
          <IconButton label="Zoom out" onClick={() => zoomBy(1 / 1.5)}>
            <Minus aria-hidden />
          </IconButton>
          <IconButton label="Show all places" onClick={() => setView(fittedView)}>
            <Maximize aria-hidden />
          </IconButton>
        </div>
        {bar && (
          <div className="pointer-events-none absolute bottom-2 left-2 rounded-[4px] bg-surface/85 px-1.5 py-0.5 text-xs text-muted tabular-nums">
            <svg aria-hidden="true" width={bar.pixels} height="5" className="mb-px block stroke-current">
              <path d={`M.5 0V4.5H${bar.pixels - 0.5}V0`} fill="none" />
            </svg>
            {bar.label}
          </div>
        )}
      </div>
      <figcaption className="text-sm text-muted">
        {selected === null
          ? "Drag to move. Zoom with the buttons, a pinch, or Ctrl and the wheel."
          : `Row ${selected + 1}: ${titleOf(table, selected)}`}
        {hidden > 0 && ` ${hidden.toLocaleString("en")} more places are only in the table.`}
      </figcaption>
    </figure>
  );
}

/** The outlines arrive after the places; without them the map is still a map. */
function useOutline(projection: ReturnType<typeof projectionFor> | null): Outline | null {
  const [outline, setOutline] = useState<Outline | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (!projection) return;
    import("world-atlas/countries-50m.json").then(
      ({ default: atlas }) => isCurrent && setOutline(drawOutline(atlas, projection)),
      (error: unknown) => console.warn("The outlines of the map could not be loaded.", error),
    );
    return () => {
      isCurrent = false;
    };
  }, [projection]);
  return outline;
}

const Land = memo(function Land({ outline, scale }: { outline: Outline | null; scale: number }) {
  if (!outline) return null;
  return (
    <g transform={`scale(${scale})`}>
      <path d={outline.land} className="fill-surface stroke-edge/60" vectorEffect="non-scaling-stroke" />
      <path d={outline.borders} className="fill-none stroke-edge/40" vectorEffect="non-scaling-stroke" />
    </g>
  );
});

const Places = memo(function Places({ table, places, scale }: { table: ResultTable; places: Place[]; scale: number }) {
  return places.map((place) =>
    "x" in place ? (
      <circle
        key={place.row}
        cx={place.x * scale}
        cy={place.y * scale}
        r={radiusOf(table, place.row)}
        className="fill-clay/35 stroke-clay-ink"
      />
    ) : (
      <path
        key={place.row}
        d={place.path}
        data-row={place.row}
        transform={`scale(${scale})`}
        vectorEffect="non-scaling-stroke"
        className="fill-clay/20 stroke-clay-ink"
      />
    ),
  );
});
