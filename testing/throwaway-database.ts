import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedDatabase, startDatabase } from "@/lib/server/database";

/**
 * A PostgreSQL for one run of tests, in a temporary folder that goes away with it.
 *
 * @param durable puts every commit on disk, as in production, for those who measure.
 */
export async function throwawayDatabase({ durable = false } = {}): Promise<EmbeddedDatabase & { folder: string }> {
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `tessera-test-${process.pid}-`));
  const database = await startDatabase(folder, { throwaway: !durable });
  return { ...database, folder, stop: () => database.stop().finally(() => remove(folder)) };
}

/** Ends what a killed test run left behind. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(/^tessera-test-(\d+)-/.exec(name)?.[1]);
    if (!owner || isAlive(owner)) continue;
    const folder = join(tmpdir(), name);
    if (existsSync(join(folder, "postgres/data"))) await (await startDatabase(folder, { throwaway: true })).stop();
    await remove(folder);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
