import { db } from "../db";
import { env } from "../env";
import { log } from "../log";
import type { ChunkPlace, ChunkStore } from "./chunk-store";
import { s3Store } from "./s3-store";

/** The chunk is in its row, so that row and bytes are one statement. */
export const postgresStore: ChunkStore = {
  chunkBytes: 1_048_576,
  put: async (_, bytes) => ({ bytes, object: null }),
};

/** The store for new contents. */
export const currentStore = (): ChunkStore => (env().s3 ? s3Store : postgresStore);

/** Streams the bytes from `start` up to and without `end` of a chunk in any store. */
export async function* readPlace(
  { bytes, object }: ChunkPlace,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  if (object !== null) yield* s3Store.read(object, start, end);
  else if (bytes) yield bytes.subarray(start, end);
}

/** Removes objects, of which some may be gone already. */
export async function removeObjects(names: readonly string[]): Promise<void> {
  if (names.length > 0) await s3Store.remove(names);
}

/** Removes the bytes of a chunk that got no row. A failure is logged, and `removeAbandoned` makes up for it. */
export async function discardPlace({ object: name }: ChunkPlace): Promise<void> {
  if (name === null) return;
  try {
    await removeObjects([name]);
    await db.storedObject.deleteMany({ where: { name } });
  } catch (error) {
    log.error({ object: name, err: error }, "an unused object could not be removed yet");
  }
}
