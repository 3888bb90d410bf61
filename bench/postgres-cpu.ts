import { pool } from "@/lib/db";
import { readProcess, readProcesses } from "./process-cpu";

/**
 * The processor time in microseconds that PostgreSQL has used so far, including all its connections. Null on systems other
 * than Linux, which do not report it.
 */
export async function postgresCpu(): Promise<number | null> {
  if (process.platform !== "linux") return null;
  const { rows } = await pool().query("SELECT pg_backend_pid() AS pid");
  const postmaster = (await readProcess(rows[0].pid))?.parent;
  if (!postmaster) return null;
  return (await readProcesses()).reduce((sum, { pid, parent, own, ended }) => {
    if (pid === postmaster) return sum + own + ended;
    return parent === postmaster ? sum + own : sum;
  }, 0);
}
