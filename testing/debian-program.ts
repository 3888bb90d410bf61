import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";

/** A program that starts, and what its environment must hold for that. */
export interface Program {
  path: string;
  env: Record<string, string>;
}

const run = promisify(execFile);
const cache = "node_modules/.cache/tessera";

/**
 * Finds a server program for tests: one that is installed; else Debian's package of that name, when this is root on such a system.
 * The package is not installed, which would start it: it is unpacked, with what it needs, where only the tests look. A line on
 * standard output says so before.
 *
 * @returns the program, or why there is none.
 */
export async function findProgram(name: "nginx" | "haproxy"): Promise<Program | string> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"].filter(Boolean);
  for (const folder of folders) {
    const program = { path: join(folder, name), env: {} };
    if (existsSync(program.path) && (await starts(program))) return program;
  }
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    return `${name} is not installed; install it to try its example.`;
  }
  try {
    return await unpacked(name);
  } catch (error) {
    return `${name} is not installed, and Debian's could not be fetched: ${(error as Error).message.trim().split("\n").at(-1)}`;
  }
}

async function unpacked(name: string): Promise<Program> {
  const home = resolve(cache, name);
  if (!existsSync(home)) {
    console.log(
      `  ${name} is not installed, so apt-get downloads Debian's package, as root, to try its example; it is unpacked in ${cache}.`,
    );
    await unpack(name, home);
  }
  const libraries = (await readdir(join(home, "usr/lib"), { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory() && entry.name.endsWith("-linux-gnu"))
    .map((entry) => join(home, "usr/lib", entry.name));
  const program = { path: join(home, "usr/sbin", name), env: { LD_LIBRARY_PATH: libraries.join(delimiter) } };
  if (await starts(program)) return program;
  await rm(home, { recursive: true });
  throw new Error("It does not start.");
}

/** Whole or not at all. */
async function unpack(name: string, home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(resolve(cache, `${name}-`));
  try {
    const options = { timeout: 3 * 60_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" } };
    const archives = join(draft, "archives");
    await mkdir(join(archives, "partial"), { recursive: true });
    const patient = ["-qq", "-o", "Acquire::Retries=3", "-o", `Dir::Cache::archives=${archives}`];
    await run("apt-get", ["update", ...patient], options);
    await run("apt-get", ["install", "-y", "--no-install-recommends", "--download-only", ...patient, name], options);
    const packages = (await readdir(archives)).filter((file) => file.endsWith(".deb"));
    for (const file of packages) await run("dpkg", ["-x", join(archives, file), join(draft, "root")], options);
    await rename(join(draft, "root"), home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function starts({ path, env }: Program): Promise<boolean> {
  try {
    await run(path, ["-v"], { env: { ...process.env, ...env }, timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
