import { db } from "../db";
import { removeUnusedContents } from "./content";

/** How long a resumable upload waits for its next request, in seconds. */
export const uploadSecondsMax = 86_400;

/** A plain upload cannot be continued, so without a new chunk for this long its server was killed. */
const silentSecondsMax = 3_600;

/** Removes abandoned uploads and unused bytes, which killed servers leave. Several instances may do it at once. */
export async function removeAbandoned(): Promise<void> {
  await db.$executeRaw`
    DELETE FROM uploads
    WHERE touched_at < now() - make_interval(secs => CASE WHEN resumable THEN ${uploadSecondsMax}::float ELSE ${silentSecondsMax}::float END)`;
  await removeUnusedContents();
}
