import type { GeoProjection } from "d3-geo";
import { useEffect, useState } from "react";
import { drawOutline, type Outline } from "./map-projection";

/** Loads the land and the borders after the map is shown. Null until then, and if they cannot be loaded. */
export function useOutline(projection: GeoProjection | null): Outline | null {
  const [outline, setOutline] = useState<Outline | null>(null);
  useEffect(() => {
    if (!projection) return;
    let isCurrent = true;
    import("world-atlas/countries-50m.json").then(
      ({ default: atlas }) => isCurrent && setOutline(drawOutline(atlas, projection)),
      (error: unknown) => console.warn("The map outlines couldn't be loaded.", error),
    );
    return () => {
      isCurrent = false;
    };
  }, [projection]);
  return outline;
}
