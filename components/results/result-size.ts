import type { JobView } from "@/lib/jobs/schema";

/** Describes the size of a result: "43 rows, 12.1 kB". */
export function resultSize({ rows, bytes }: NonNullable<JobView["result"]>): string {
  return `${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}, ${bytesInWords(bytes)}`;
}

/** Formats a size in decimal units with one digit after the point: `812 B`, `12.1 kB`, `3.4 MB`. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_950 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
