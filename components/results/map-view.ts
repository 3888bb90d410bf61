import { reach, type Size } from "./map-projection";

/** What part of the map is seen: everything is enlarged `scale` times, then moved by `x` and `y` pixels. */
export interface MapView {
  scale: number;
  x: number;
  y: number;
}

/** The map as it was fitted to its places. */
export const fittedView: MapView = { scale: 1, x: 0, y: 0 };

export const scaleMin = 1 / 8;
export const scaleMax = 32;

/** Enlarges by `factor` around a point of the screen, which stays where it is. */
export function zoomView(view: MapView, factor: number, [atX, atY]: readonly [number, number], size: Size): MapView {
  const scale = Math.min(scaleMax, Math.max(scaleMin, view.scale * factor));
  const grown = scale / view.scale;
  return within({ scale, x: atX - (atX - view.x) * grown, y: atY - (atY - view.y) * grown }, size);
}

/** Moves the map by pixels of the screen, not past what is drawn. */
export function moveView(view: MapView, byX: number, byY: number, size: Size): MapView {
  return within({ ...view, x: view.x + byX, y: view.y + byY }, size);
}

/** The same scale, with this point of the unmoved map in the middle. */
export function centerView(view: MapView, { x, y }: { x: number; y: number }, size: Size): MapView {
  const [width, height] = size;
  return within({ ...view, x: width / 2 - x * view.scale, y: height / 2 - y * view.scale }, size);
}

function within({ scale, x, y }: MapView, [width, height]: Size): MapView {
  return { scale, x: clampView(x, width, scale), y: clampView(y, height, scale) };
}

// Both edges of the screen stay inside of what is drawn: `reach` lengths before the map, `reach` behind it.
function clampView(offset: number, length: number, scale: number): number {
  const most = reach * length * scale;
  const least = length - (reach + 1) * length * scale;
  return Math.min(most, Math.max(Math.min(least, most), offset));
}

/** A round length for the scale bar, at most `pixelsMost` wide: 1, 2 or 5 times a power of ten. */
export function scaleBar(kilometresPerPixel: number, pixelsMost: number): { label: string; pixels: number } {
  const most = kilometresPerPixel * pixelsMost;
  const power = 10 ** Math.floor(Math.log10(most));
  const kilometres = ([5, 2, 1].find((step) => step * power <= most) ?? 1) * power;
  const label = kilometres < 1 ? `${Math.round(kilometres * 1000)} m` : `${kilometres.toLocaleString("en")} km`;
  return { label, pixels: kilometres / kilometresPerPixel };
}
