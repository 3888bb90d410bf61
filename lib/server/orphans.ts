import { readdir, readlink, realpath } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const graceMs = 1_000;

/** Waits for the backends of a killed postmaster, because PostgreSQL does not start beside them, and then kills them:
 * what they did is not committed, and PostgreSQL recovers. */
export async function endOrphans(data: string): Promise<void> {
  for (const deadline = performance.now() + graceMs; ; await delay(100)) {
    const orphans = await orphansIn(data);
    if (orphans.length === 0) return;
    if (performance.now() < deadline) continue;
    for (const pid of orphans) killProcess(pid);
  }
}

/** Processes that work in the data folder, which no other program does. They are found on Linux only. */
async function orphansIn(data: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const folder = await realpath(data);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => null)));
  return pids.filter((_, index) => folders[index] === folder).map(Number);
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
