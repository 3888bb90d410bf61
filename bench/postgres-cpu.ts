import { readdir, readFile } from "node:fs/promises";
import { pool } from "@/lib/db";

const microsecondsPerTick = 10_000;

/**
 * The processor time in microseconds that PostgreSQL has used so far, including all its connections. Null on systems other
 * than Linux, which do not report it.
 */
export async function postgresCpu(): Promise<number | null> {
  if (process.platform !== "linux") return null;
  const { rows } = await pool().query("SELECT pg_backend_pid() AS pid");
  const postmaster = (await readProcess(rows[0].pid))?.parent;
  if (!postmaster) return null;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const processes = (await Promise.all(pids.map(readProcess))).filter((each) => each !== null);
  const ticks = processes.reduce((sum, { pid, parent, own, ended }) => {
    if (pid === postmaster) return sum + own + ended;
    return parent === postmaster ? sum + own : sum;
  }, 0);
  return ticks * microsecondsPerTick;
}

/** Reads by proc(5) its parent, its own ticks and those of its ended children. Null when the process has ended. */
async function readProcess(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (!stat) return null;
  // After the name, which may contain anything, come the state, the parent and, from index 11 on, the times.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const number = (index: number) => Number(fields[index]);
  return { pid, parent: number(1), own: number(11) + number(12), ended: number(13) + number(14) };
}
