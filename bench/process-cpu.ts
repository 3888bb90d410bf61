import { readdir, readFile } from "node:fs/promises";

const microsecondsPerTick = 10_000;

interface ProcessTimes {
  pid: number;
  parent: number;
  /** Microseconds of the process itself, and of its children that have ended. */
  own: number;
  ended: number;
}

/** All processes of this machine, by proc(5). Empty on systems other than Linux, which do not report them. */
export async function readProcesses(): Promise<ProcessTimes[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(readProcess))).filter((each) => each !== null);
}

/** The processor time in microseconds that the children of a process have used so far, those that ended included. */
export async function cpuOfChildren(pid: number): Promise<number> {
  return (await readProcesses()).reduce((sum, each) => {
    if (each.pid === pid) return sum + each.ended;
    return each.parent === pid ? sum + each.own + each.ended : sum;
  }, 0);
}

/** Null when the process has ended. */
export async function readProcess(pid: number): Promise<ProcessTimes | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (!stat) return null;
  // After the name, which may contain anything, come the state, the parent and, from index 11 on, the times.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const time = (index: number) => Number(fields[index]) * microsecondsPerTick;
  return { pid, parent: Number(fields[1]), own: time(11) + time(12), ended: time(13) + time(14) };
}
