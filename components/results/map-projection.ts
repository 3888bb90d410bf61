import { type GeoProjection, geoCentroid, geoMercator, geoPath } from "d3-geo";
import type { Geometry, GeometryCollection } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection as AtlasCollection, Topology } from "topojson-specification";

export type Size = readonly [width: number, height: number];

/** The land and the borders between countries as SVG paths. */
export interface Outline {
  land: string;
  borders: string;
}

const padding = 32;
const kilometresPerPixelMin = 0.2;
const earthCircumference = 40_075;

/**
 * Returns a Mercator projection that fits all the geometries into a map of this size. It is rotated so that places on both
 * sides of the date line lie together. It does not enlarge beyond 0.2 km per pixel. Without places it shows the world.
 */
export function projectionFor(geometries: readonly (Geometry | null)[], [width, height]: Size): GeoProjection {
  const all: GeometryCollection = {
    type: "GeometryCollection",
    geometries: geometries.filter((each) => each !== null),
  };
  const [longitude, latitude] = geoCentroid(all);
  const isEmpty = all.geometries.length === 0 || Number.isNaN(longitude) || Number.isNaN(latitude);
  const projection = geoMercator().rotate([isEmpty ? 0 : -longitude, 0]);
  const room = Math.min(padding, width / 4, height / 4);
  projection.fitExtent(
    [
      [room, room],
      [width - room, height - room],
    ],
    isEmpty ? { type: "Sphere" } : all,
  );
  const scaleMax = (earthCircumference * Math.cos(radians(latitude))) / (2 * Math.PI * kilometresPerPixelMin);
  if (!isEmpty && !(projection.scale() <= scaleMax)) centre(projection.scale(scaleMax), all, [width, height]);
  return projection.clipExtent([
    [-reach * width, -reach * height],
    [(reach + 1) * width, (reach + 1) * height],
  ]);
}

/** How many widths and heights of the map are drawn beyond each of its edges. */
export const reach = 8;

function centre(projection: GeoProjection, all: GeometryCollection, [width, height]: Size): void {
  projection.translate([0, 0]);
  const [[left, top], [right, bottom]] = geoPath(projection).bounds(all);
  projection.translate([(width - left - right) / 2, (height - top - bottom) / 2]);
}

/** Kilometres per pixel in the middle of the map, before panning and zooming. */
export function kilometresPerPixel(projection: GeoProjection, [width, height]: Size): number {
  const latitude = projection.invert?.([width / 2, height / 2])?.[1] ?? 0;
  return (earthCircumference * Math.cos(radians(latitude))) / (2 * Math.PI * projection.scale());
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

export function drawOutline(
  atlas: Topology<{ countries: AtlasCollection; land: AtlasCollection }>,
  projection: GeoProjection,
): Outline {
  const draw = geoPath(projection).digits(2);
  const borders = mesh(atlas, atlas.objects.countries, (one, other) => one !== other);
  return { land: draw(feature(atlas, atlas.objects.land)) ?? "", borders: draw(borders) ?? "" };
}
