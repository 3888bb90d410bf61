import { reach, type Size } from "./map-projection";

/** The visible part of the map: everything is enlarged `scale` times, then moved by `x` and `y` pixels. */
export interface MapView {
  scale: number;
  x: number;
  y: number;
}

/** The view that shows all places. */
export const fittedView: MapView = { scale: 1, x: 0, y: 0 };

export const scaleMin = 1 / 8;
export const scaleMax = 32;

/** Zooms by `factor` around a point of the screen, which keeps its position. */
export function zoomView(view: MapView, factor: number, [atX, atY]: readonly [number, number], size: Size): MapView {
  const scale = Math.min(scaleMax, Math.max(scaleMin, view.scale * factor));
  const ratio = scale / view.scale;
  return within({ scale, x: atX - (atX - view.x) * ratio, y: atY - (atY - view.y) * ratio }, size);
}

/** Moves the map by pixels of the screen, but not past its drawn area. */
export function moveView(view: MapView, byX: number, byY: number, size: Size): MapView {
  return within({ ...view, x: view.x + byX, y: view.y + byY }, size);
}

/** Moves this point of the map (in pixels before panning and zooming) to the middle. The scale stays the same. */
export function centerView(view: MapView, { x, y }: { x: number; y: number }, size: Size): MapView {
  const [width, height] = size;
  return within({ ...view, x: width / 2 - x * view.scale, y: height / 2 - y * view.scale }, size);
}

function within({ scale, x, y }: MapView, [width, height]: Size): MapView {
  return { scale, x: clampView(x, width, scale), y: clampView(y, height, scale) };
}

// Both edges of the screen stay inside of the drawn area, which extends `reach` lengths beyond each edge of the map.
function clampView(offset: number, length: number, scale: number): number {
  const max = reach * length * scale;
  const min = length - (reach + 1) * length * scale;
  return Math.min(max, Math.max(Math.min(min, max), offset));
}

/** Chooses the length of the scale bar: 1, 2 or 5 times a power of ten, and at most `pixelsMax` wide. */
export function scaleBar(kilometresPerPixel: number, pixelsMax: number): { label: string; pixels: number } {
  const kilometresMax = kilometresPerPixel * pixelsMax;
  const power = 10 ** Math.floor(Math.log10(kilometresMax));
  const kilometres = ([5, 2, 1].find((step) => step * power <= kilometresMax) ?? 1) * power;
  const label = kilometres < 1 ? `${Math.round(kilometres * 1000)} m` : `${kilometres.toLocaleString("en")} km`;
  return { label, pixels: kilometres / kilometresPerPixel };
}
