import { readdir, readFile } from "node:fs/promises";
import { pool } from "@/lib/db";

const microsecondsPerTick = 10_000;

/**
 * Processor time that PostgreSQL has used so far, with all its connections, in microseconds. Null where the system does
 * not tell: only Linux does.
 */
export async function postgresCpu(): Promise<number | null> {
  if (process.platform !== "linux") return null;
  const { rows } = await pool().query("SELECT pg_backend_pid() AS pid");
  const postmaster = (await processOf(rows[0].pid))?.parent;
  if (!postmaster) return null;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const processes = (await Promise.all(pids.map(processOf))).filter((each) => each !== null);
  const ticks = processes.reduce((sum, { pid, parent, own, ended }) => {
    if (pid === postmaster) return sum + own + ended;
    return parent === postmaster ? sum + own : sum;
  }, 0);
  return ticks * microsecondsPerTick;
}

/** By proc(5): whose child it is, its own ticks, and those of its children that have ended. Null when it has ended itself. */
async function processOf(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (!stat) return null;
  // Behind the name, which may hold anything: state, parent, … and from the 12th on the times.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const number = (index: number) => Number(fields[index]);
  return { pid, parent: number(1), own: number(11) + number(12), ended: number(13) + number(14) };
}
