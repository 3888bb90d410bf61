import { geoArea } from "d3-geo";
import type { Geometry, Position } from "geojson";
import { latitudeMax } from "./drawable";

/** Prepares a geometry for d3-geo, whose edges are great circles with the inside on their right: with straight edges in
 * degrees (RFC 7946, section 3.1.1), and with latitudes that Mercator can show. Short edges may cross the date line. */
export function straighten(geometry: Geometry): Geometry {
  switch (geometry.type) {
    case "LineString":
      return { ...geometry, coordinates: straightenLine(geometry.coordinates) };
    case "MultiLineString":
      return { ...geometry, coordinates: geometry.coordinates.map(straightenLine) };
    case "Polygon":
      return { ...geometry, coordinates: geometry.coordinates.map(straightenRing) };
    case "MultiPolygon":
      return { ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map(straightenRing)) };
    case "GeometryCollection":
      return { ...geometry, geometries: geometry.geometries.map(straighten) };
    default:
      return geometry;
  }
}

/** An edge that is longer crosses the date line, since that is shorter. The sides of areas can be longer than lines: a box
 * around most of the world is more usual than one that crosses the date line with a side of 60 degrees. */
const lineEdgeMax = 180;
const ringEdgeMax = 300;

const straightenLine = (line: Position[]): Position[] => withSteps(unwrap(line, lineEdgeMax));

function straightenRing(ring: Position[], at: number): Position[] {
  const unwrapped = unwrap(ring, ringEdgeMax);
  const straight = withSteps(unwrapped);
  // A ring around a pole has no end in degrees; its inside is the smaller side.
  const isClosed = unwrapped[0]?.[0] === unwrapped.at(-1)?.[0];
  const isInsideLeft = isClosed
    ? areaOf(unwrapped) > 0
    : geoArea({ type: "Polygon", coordinates: [straight] }) > halfSphere;
  return isInsideLeft === (at === 0) ? straight.reverse() : straight;
}

const halfSphere = 2 * Math.PI;

/** Continues longitudes beyond 180 where an edge crosses the date line, and keeps latitudes on the map. */
function unwrap(positions: Position[], edgeMax: number): Position[] {
  let turn = 0;
  return positions.map(([longitude = 0, latitude = 0], at) => {
    const step = longitude - (positions[at - 1]?.[0] ?? longitude);
    if (Math.abs(step) > edgeMax && Math.abs(step) < 360) turn -= 360 * Math.sign(step);
    return [longitude + turn, Math.max(-latitudeMax, Math.min(latitudeMax, latitude))];
  });
}

const stepDegrees = 2;

/** Adds positions between those that are far apart. */
function withSteps(positions: Position[]): Position[] {
  return positions.flatMap((end, at) => {
    const [x1 = 0, y1 = 0] = end;
    const [x0 = x1, y0 = y1] = positions[at - 1] ?? [];
    const steps = Math.max(1, Math.ceil(Math.abs(x1 - x0) / stepDegrees));
    const between = Array.from({ length: steps - 1 }, (_, step) => (step + 1) / steps);
    return [...between.map((part) => [x0 + part * (x1 - x0), y0 + part * (y1 - y0)]), end];
  });
}

/** The area in square degrees, positive for a ring that is counterclockwise. */
function areaOf(ring: Position[]): number {
  let twice = 0;
  for (const [at, [x1 = 0, y1 = 0]] of ring.entries()) {
    const [x0 = x1, y0 = y1] = ring[at - 1] ?? [];
    twice += x0 * y1 - x1 * y0;
  }
  return twice / 2;
}
