import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

/** A program that can be started, with these additions to its environment. */
export interface Program {
  path: string;
  env: Record<string, string>;
}

const run = promisify(execFile);
const cache = "node_modules/.cache/tessera";

/** The packages of Debian that are not called as their program: Apache needs this module for its example. */
const packageNames: Record<string, string> = { apache2: "libapache2-mod-auth-openidc" };

/**
 * Finds a server program for tests: an installed one, or, as root on Debian, its package. The package is not
 * installed, which would start it, but unpacked with its dependencies in `node_modules/.cache`. It prints a line before.
 *
 * @returns the program, or the reason why there is none.
 */
export async function findProgram(
  name: "nginx" | "haproxy" | "caddy" | "apache2" | "pgbouncer" | "openssl",
): Promise<Program | string> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/bin", "/usr/local/sbin"].filter(
    Boolean,
  );
  for (const folder of folders) {
    const program = { path: join(folder, name), env: {} };
    if (existsSync(program.path) && (await canStart(program))) return program;
  }
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    return `${packageNames[name] ?? name} is not installed. Install it for this test.`;
  }
  try {
    return await findUnpacked(name);
  } catch (error) {
    return `${name} is not installed, and the Debian package could not be downloaded: ${(error as Error).message.trim().split("\n").at(-1)}`;
  }
}

async function findUnpacked(name: string): Promise<Program> {
  const home = resolve(cache, name);
  if (!existsSync(home)) {
    console.log(
      `  ${name} is not installed, so apt-get downloads Debian's package, as root, for a test; it is unpacked in ${cache}.`,
    );
    await unpack(name, home);
  }
  const libraries = (await readdir(join(home, "usr/lib"), { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory() && entry.name.endsWith("-linux-gnu"))
    .map((entry) => join(home, "usr/lib", entry.name));
  const folder = ["usr/sbin", "usr/bin"].find((each) => existsSync(join(home, each, name))) ?? "usr/sbin";
  const program = { path: join(home, folder, name), env: { LD_LIBRARY_PATH: libraries.join(delimiter) } };
  if (await canStart(program)) return program;
  await rm(home, { recursive: true });
  throw new Error("It does not start.");
}

/** Unpacks into a temporary folder first, so that an interrupted attempt leaves nothing at `home`. */
async function unpack(name: string, home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(resolve(cache, `${name}-`));
  try {
    const options = { timeout: 3 * 60_000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" } };
    const archives = join(draft, "archives");
    await mkdir(join(archives, "partial"), { recursive: true });
    const aptOptions = ["-qq", "-o", "Acquire::Retries=3", "-o", `Dir::Cache::archives=${archives}`];
    await run("apt-get", ["update", ...aptOptions], options);
    const wanted = packageNames[name] ?? name;
    const installOptions = ["-y", "--no-install-recommends", "--download-only", ...aptOptions];
    await run("apt-get", ["install", ...installOptions, wanted], options);
    const packages = (await readdir(archives)).filter((file) => file.endsWith(".deb"));
    for (const file of packages) await run("dpkg", ["-x", join(archives, file), join(draft, "root")], options);
    await rename(join(draft, "root"), home);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The folder of the modules of an Apache. */
export const apacheModules = (path: string) => join(dirname(dirname(path)), "lib/apache2/modules");

/** How the programs are asked for their version that do not know `-v`. */
const versionArguments: Record<string, string> = { caddy: "version", openssl: "version", pgbouncer: "-V" };

async function canStart({ path, env }: Program): Promise<boolean> {
  if (path.endsWith("apache2") && !existsSync(join(apacheModules(path), "mod_auth_openidc.so"))) return false;
  try {
    await run(path, [versionArguments[basename(path)] ?? "-v"], { env: { ...process.env, ...env }, timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
