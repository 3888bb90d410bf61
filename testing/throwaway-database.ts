import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedDatabase, startDatabase } from "@/lib/server/database";

/**
 * Starts a PostgreSQL for one test run, in a temporary folder that is removed when it stops.
 *
 * @param durable writes every commit to disk, as in production, for measurements.
 */
export async function throwawayDatabase({ durable = false } = {}): Promise<EmbeddedDatabase & { folder: string }> {
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `tessera-test-${process.pid}-`));
  // The accounts of PostgreSQL and of the engine must be able to pass through.
  await chmod(folder, 0o711);
  const database = await startDatabase(folder, { throwaway: !durable, superuser: true });
  return { ...database, folder, stop: () => database.stop().finally(() => remove(folder)) };
}

/** Stops and removes the databases of test runs that were killed. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^tessera-test-(\d+)-/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
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
