import type { NotDrawn } from "./drawable";
import type { ResultTable } from "./result";

const reasons: Record<NotDrawn, string> = {
  degrees: "its coordinates aren't degrees of longitude and latitude",
  pole: "it's at a pole",
  unreadable: "its geometry can't be read",
};

const reasonsForMany: Record<NotDrawn, string> = {
  degrees: "their coordinates aren't degrees of longitude and latitude",
  pole: "they're at a pole",
  unreadable: "their geometries can't be read",
};

/** Says which places the map leaves out and why, in one sentence for each reason. Empty when it shows all of them. */
export function wordsForNotDrawn({ notDrawn }: ResultTable): string {
  return (Object.entries(notDrawn) as [NotDrawn, number][])
    .filter(([, count]) => count > 0)
    .map(([reason, count]) =>
      count === 1
        ? `1 place isn't on the map: ${reasons[reason]}.`
        : `${count.toLocaleString("en")} places aren't on the map: ${reasonsForMany[reason]}.`,
    )
    .join(" ");
}
