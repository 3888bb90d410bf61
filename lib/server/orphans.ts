import { setTimeout as delay } from "node:timers/promises";
import { postgresProcessesIn, postmasterIn } from "./postmaster";
import { CannotStart } from "./steps";

const graceMs = 1_000;
const killTimeoutMs = 10_000;

/** Waits for the backends of a killed postmaster, because PostgreSQL does not start beside them, and then kills them:
 * what they did is not committed, and PostgreSQL recovers. Does nothing once the folder has a postmaster again. Throws
 * CannotStart when they do not end. */
export async function endOrphans(data: string): Promise<void> {
  for (const began = performance.now(); ; await delay(100)) {
    const orphans = await postgresProcessesIn(data);
    if (orphans.length === 0 || (await postmasterIn(data))) return;
    const waitedMs = performance.now() - began;
    if (waitedMs < graceMs) continue;
    if (waitedMs > graceMs + killTimeoutMs) {
      throw new CannotStart(
        `Processes of an ended PostgreSQL do not end, so a new one cannot use their data: ${orphans.join(", ")}.`,
      );
    }
    for (const pid of orphans) killProcess(pid);
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
