import type { GeoProjection } from "d3-geo";
import { useEffect, useState } from "react";
import { drawOutline, type Outline } from "./map-projection";

/** Land and borders for a map. They arrive after the places; without them the map is still a map. */
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
