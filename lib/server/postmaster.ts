import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Returns the port of the postmaster that its pid file in the data folder names, or null when it does not run. */
export async function postmasterIn(data: string): Promise<{ port: number } | null> {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const [pid = 0, , , port = 0] = (await readFile(file, "utf8")).split("\n").map(Number);
  // A server that an operator runs in single-user mode notes its pid as a negative number.
  return (await isPostmasterOf(data, Math.abs(pid))) ? { port } : null;
}

/** Processes of PostgreSQL that work in the data folder. They are found on Linux only. */
export async function postgresProcessesIn(data: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const folder = await realpath(data);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => isPostgresIn(folder, pid)));
  return pids.filter((_, index) => found[index]);
}

async function isPostmasterOf(data: string, pid: number): Promise<boolean> {
  try {
    if (process.platform === "linux") return await isPostgresIn(await realpath(data), pid);
    if (process.platform === "win32") {
      return (await run("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"])).stdout.startsWith('"postgres');
    }
    return (await run("ps", ["-p", String(pid), "-o", "args="])).stdout.includes(data);
  } catch {
    return false;
  }
}

/** The working directory of PostgreSQL is its data folder, but a shell may be there too. The command line of a postmaster
 * still has the name that the folder had before its rename. */
async function isPostgresIn(folder: string, pid: number): Promise<boolean> {
  const [cwd, program] = await Promise.all(
    ["cwd", "exe"].map((link) => readlink(`/proc/${pid}/${link}`).catch(() => "")),
  );
  // Linux appends this to the path of a program that was replaced while it runs.
  return cwd === folder && basename(program?.replace(/ \(deleted\)$/, "") ?? "") === "postgres";
}
