import type { OutputFormat } from "@/lib/workspaces/schema";

const names: Record<OutputFormat, string> = { geojson: "GeoJSON", json: "JSON", csv: "CSV", parquet: "Parquet" };

/** The usual name of an output format, like GeoJSON. */
export const outputName = (format: OutputFormat) => names[format];
