"use client";

import type { Point } from "geojson";
import { Maximize, Minus, Plus } from "lucide-react";
import { type Dispatch, type PointerEvent, type SetStateAction, useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Land, Places, RequestedPlace, ScaleBar, SelectedPlace } from "./map-layers";
import { kilometresPerPixel, projectionFor, type Size } from "./map-projection";
import { centerView, fittedView, type MapView, scaleBar } from "./map-view";
import { wordsForNotDrawn } from "./not-drawn";
import { PlaceCard } from "./place-card";
import { type Dot, type Place, pixelOf, placeRows, rowAt, titleOf } from "./places";
import type { ResultTable } from "./result";
import { straighten } from "./straighten";
import { useMapView } from "./use-map-view";
import { useOutline } from "./use-outline";
import { useSize } from "./use-size";

/**
 * The places of a result on a map. It needs no network, because the outlines are bundled. The map and the table share one
 * selection, so the table offers everything to a reader who cannot use the map.
 */
export default function ResultMap({
  table: given,
  requested,
  selected,
  onSelect,
}: {
  table: ResultTable;
  /** The place that the run's parameters name. A cross marks it. */
  requested: Point | null;
  selected: number | null;
  onSelect: (row: number | null) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const { view, setView, zoomBy, hasDragged, handlers } = useMapView(frame, size);
  const [hovered, setHovered] = useState<number | null>(null);

  const table = useMemo(
    () => ({ ...given, geometries: given.geometries?.map((geometry) => geometry && straighten(geometry)) ?? null }),
    [given],
  );
  const projection = useMemo(
    () => size && projectionFor([...(table.geometries ?? []), requested], size),
    [table, requested, size],
  );
  const places = useMemo(() => (projection ? placeRows(table, projection) : []), [table, projection]);
  const outline = useOutline(projection);
  const selectedDot = dotOf(places, selected);
  const pointedAt = dotOf(places, hovered ?? selected);
  const bar = projection && size && scaleBar(kilometresPerPixel(projection, size) / view.scale, 96);

  useBringIntoView(selectedDot, size, setView);

  return (
    <figure className="flex flex-col gap-1.5">
      <div
        ref={frame}
        {...handlers}
        onPointerMove={(event) => {
          handlers.onPointerMove(event);
          setHovered(event.pointerType === "mouse" && event.buttons === 0 ? rowUnder(event, places, view) : null);
        }}
        onPointerLeave={(event) => {
          handlers.onPointerLeave(event);
          setHovered(null);
        }}
        onPointerUp={(event) => {
          handlers.onPointerUp(event);
          const isOnButton = event.target instanceof Element && event.target.closest("button");
          if (!hasDragged.current && !isOnButton) onSelect(rowUnder(event, places, view));
        }}
        className={cx(
          "relative h-64 touch-pan-x touch-pan-y overflow-hidden rounded border border-line bg-sunken select-none sm:h-80 lg:h-96 dark:bg-canvas",
          hovered === null ? "cursor-grab active:cursor-grabbing" : "cursor-pointer",
        )}
      >
        <svg
          role="img"
          aria-label={`Map with ${places.length} places. The table shows the same rows.`}
          className="size-full"
        >
          <g transform={`translate(${view.x} ${view.y})`}>
            <Land outline={outline} scale={view.scale} />
            {requested && projection && <RequestedPlace at={pixelOf(projection, requested)} scale={view.scale} />}
            <Places places={places} scale={view.scale} />
            {selectedDot && <SelectedPlace dot={selectedDot} scale={view.scale} />}
          </g>
        </svg>
        {pointedAt && size && <PlaceCard table={table} dot={pointedAt} view={view} size={size} />}
        <ZoomButtons zoomBy={zoomBy} showAll={() => setView(fittedView)} />
        {bar && <ScaleBar {...bar} />}
      </div>
      <figcaption className="text-sm text-muted">
        {selected === null ? instructions(requested) : `Row ${selected + 1}: ${titleOf(table, selected)}`}
        {projection && wordsForRest(table, places)} {wordsForNotDrawn(table)}
      </figcaption>
    </figure>
  );
}

function ZoomButtons({ zoomBy, showAll }: { zoomBy: (factor: number) => void; showAll: () => void }) {
  return (
    <div className="absolute top-2 right-2 flex flex-col rounded border border-line bg-surface">
      <IconButton label="Zoom in" onClick={() => zoomBy(1.5)}>
        <Plus aria-hidden />
      </IconButton>
      <IconButton label="Zoom out" onClick={() => zoomBy(1 / 1.5)}>
        <Minus aria-hidden />
      </IconButton>
      <IconButton label="Show all places" onClick={showAll}>
        <Maximize aria-hidden />
      </IconButton>
    </div>
  );
}

/** Centers the map on a dot that becomes selected outside of the view. */
function useBringIntoView(dot: Dot | undefined, size: Size | null, setView: Dispatch<SetStateAction<MapView>>) {
  useEffect(() => {
    if (!size || !dot) return;
    setView((now) => {
      const [x, y] = [dot.x * now.scale + now.x, dot.y * now.scale + now.y];
      return x > 0 && y > 0 && x < size[0] && y < size[1] ? now : centerView(now, dot, size);
    });
  }, [dot, size, setView]);
}

/** The row whose dot or shape lies under the pointer. A finger may miss a dot by more pixels than a mouse. */
function rowUnder(event: PointerEvent<HTMLElement>, places: Place[], view: MapView): number | null {
  const box = event.currentTarget.getBoundingClientRect();
  const at = [event.clientX - box.left, event.clientY - box.top] as const;
  const shape = event.target instanceof Element ? event.target.getAttribute("data-row") : null;
  return rowAt(places, view, at, event.pointerType === "touch" ? 16 : 6) ?? (shape === null ? null : Number(shape));
}

function dotOf(places: Place[], row: number | null): Dot | undefined {
  if (row === null) return undefined;
  return places.find((place): place is Dot => place.row === row && "x" in place);
}

const instructions = (requested: Point | null) =>
  `${requested ? "The cross marks the requested location. " : ""}Drag to move. Zoom with the buttons, by pinching, or with Ctrl and the mouse wheel.`;

function wordsForRest({ geometries }: ResultTable, places: Place[]): string {
  const count = (geometries ?? []).filter((geometry) => geometry !== null).length - places.length;
  return count > 0 ? ` ${count.toLocaleString("en")} more places are in the table only.` : "";
}
