import type { OutputFormat } from "@/lib/workspaces/schema";

const names: Record<OutputFormat, string> = { geojson: "GeoJSON", json: "JSON", csv: "CSV", parquet: "Parquet" };

/** An output format as people write it. */
export const outputName = (format: OutputFormat) => names[format];
