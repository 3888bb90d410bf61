import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readFile, readlink, realpath, rename, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { totalmem } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { type PostgresPrograms, postgresPrograms } from "./postgres-programs";
import { CannotStart } from "./steps";

/** A PostgreSQL 18 of our own, with an empty or kept database `tessera`. */
export type EmbeddedDatabase = {
  url: string;
  /** For people: where it listens and where its data is. */
  description: string;
  stop(): Promise<void>;
};

type Cluster = PostgresPrograms & {
  dataDir: string;
  data: string;
  log: string;
  password: string;
  throwaway: boolean;
  connections: number;
};

const run = promisify(execFile);
const databaseName = "tessera";
const timeoutMs = 30_000;

/**
 * Starts PostgreSQL, or takes over one that a killed server left running, so that there is never a second one on the
 * same data. It listens on the loopback address only, asks for a random password, and confirms a commit only once it is
 * on disk.
 *
 * @param dataDir holds everything, also from one start to the next.
 * @param throwaway for tests: the data is not forced to disk, and is deleted at the stop.
 * @param connections how many the servers may open; it allows a few more.
 * @throws CannotStart when another server uses this folder, or PostgreSQL does not come up.
 */
export async function startDatabase(
  dataDir: string,
  { throwaway = false, connections = 0 } = {},
): Promise<EmbeddedDatabase> {
  await mkdir(dataDir, { recursive: true });
  await chmod(dataDir, 0o755);
  const programs = await postgresPrograms(join(dataDir, "postgres"));
  const { home } = programs;
  const password = await storedSecret(join(dataDir, "postgres-password"));
  const cluster = {
    ...programs,
    dataDir,
    data: join(home, "data"),
    log: join(home, "server.log"),
    password,
    throwaway,
    connections,
  };

  await initialise(cluster);
  const { port, claim } = await bringUp(cluster);
  return {
    url: urlOf(cluster, port, databaseName),
    description: `PostgreSQL 18 on port ${port}, data in ${relative(process.cwd(), home)}`,
    stop: async () => {
      await claim.end();
      await stop(cluster, "fast");
      if (throwaway) await rm(home, { recursive: true, force: true });
    },
  };
}

/** A secret that is made at first use and then kept in a file only its owner may read: 43 random base64url characters. */
export async function storedSecret(path: string): Promise<string> {
  if (!existsSync(path)) {
    const unfinished = `${path}.${process.pid}`;
    await writeFile(unfinished, randomBytes(32).toString("base64url"), { mode: 0o600 });
    await rename(unfinished, path);
  }
  return (await readFile(path, "utf8")).trim();
}

/** Makes the empty cluster under another name first, so that a kill in the middle leaves nothing half made. */
async function initialise(cluster: Cluster): Promise<void> {
  const { home, data, initdb, account, password, throwaway } = cluster;
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (account) await chown(home, account.uid, account.gid);
  if (existsSync(data)) return;

  const unfinished = `${data}.new`;
  const passwordFile = join(home, "password");
  await rm(unfinished, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const sync = throwaway ? ["--no-sync"] : [];
  try {
    await run(initdb, [`--pgdata=${unfinished}`, ...access, ...locale, ...sync], asAccount(cluster));
  } catch (cause) {
    throw new CannotStart(
      `PostgreSQL could not make its data folder: ${lastLine((cause as { stderr?: string }).stderr)}`,
      { cause },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, data);
}

/** Until one runs and is ours: adopts the one that is there, waits for the one that comes or goes, starts one if none. */
async function bringUp(cluster: Cluster): Promise<{ port: number; claim: Client }> {
  const deadline = Date.now() + timeoutMs;
  let isStopped = false;
  while (Date.now() < deadline) {
    const found = await runningPostmaster(cluster);
    if (!found) {
      await start(cluster);
      continue;
    }
    const claim = await claimFolder(cluster, found.port);
    if (claim) return { port: found.port, claim };
    if (!isStopped && Date.now() > deadline - timeoutMs / 2) {
      isStopped = true;
      await stop(cluster, "immediate");
    }
    await delay(200);
  }
  throw new CannotStart(`PostgreSQL did not come up within ${timeoutMs / 1000} s; its log is ${cluster.log}.`);
}

/** The live postmaster of this cluster by its pid file. A file that names another program's process is stale and goes. */
async function runningPostmaster({ data }: Cluster): Promise<{ port: number } | null> {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const [pid = 0, , , port = 0] = (await readFile(file, "utf8")).split("\n").map(Number);
  if (await isPostmasterOf(data, pid)) return { port };
  await rm(file, { force: true });
  return null;
}

async function isPostmasterOf(data: string, pid: number): Promise<boolean> {
  try {
    // A postmaster works in its data folder; its command line would go stale with a renamed folder.
    if (process.platform === "linux") return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data));
    if (process.platform === "win32") {
      return (await run("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"])).stdout.startsWith('"postgres');
    }
    return (await run("ps", ["-p", String(pid), "-o", "args="])).stdout.includes(data);
  } catch {
    return false;
  }
}

async function start(cluster: Cluster): Promise<void> {
  const { pgCtl, dataDir, data, log, throwaway, connections } = cluster;
  const port = await storedPort(join(dataDir, "postgres-port"));
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: Math.max(throwaway ? 200 : 100, connections + 20),
    ...(throwaway
      ? { fsync: "off", full_page_writes: "off" }
      : { synchronous_commit: "on", shared_buffers: `${sharedBuffersMb()}MB` }),
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  try {
    await run(
      pgCtl,
      ["start", "-w", "-s", "-t", "25", "-D", data, "-l", log, "-o", options.join(" ")],
      asAccount(cluster),
    );
  } catch (cause) {
    const said = existsSync(log) ? lastLine(await readFile(log, "utf8")) : (cause as Error).message;
    throw new CannotStart(`PostgreSQL did not start: ${said} Its log is ${log}.`, { cause });
  }
}

/**
 * An eighth of the memory that there is, for this machine or this container, at most 1 GB: the default is made for machines of long
 * ago, and a million tokens do not fit in it. It is taken as the data grow.
 */
function sharedBuffersMb(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const megabytes = Math.floor(memory / 8 / 2 ** 20);
  return Math.min(Math.max(megabytes, 128), 1_024);
}

async function stop(cluster: Cluster, mode: "fast" | "immediate"): Promise<void> {
  try {
    await run(cluster.pgCtl, ["stop", "-w", "-s", "-t", "20", "-m", mode, "-D", cluster.data], asAccount(cluster));
  } catch (error) {
    if (await runningPostmaster(cluster)) {
      if (mode === "immediate") throw error;
      await stop(cluster, "immediate");
    }
  }
}

/**
 * Takes the lock that says "this server uses this database". It belongs to a connection, so it ends with the process
 * however that ends. Null while the postmaster comes up or goes down.
 */
async function claimFolder(cluster: Cluster, port: number): Promise<Client | null> {
  try {
    await ensureDatabase(cluster, port);
    const client = await connected(cluster, port, databaseName);
    if (await takesLock(client)) return client;
    await client.end();
  } catch (error) {
    if (isComingOrGoing(error)) return null;
    throw new CannotStart(`PostgreSQL refused its own server: ${(error as Error).message}`, { cause: error });
  }
  throw new CannotStart(
    `Another Tessera is running on ${cluster.dataDir}; stop it first, or set TESSERA_DATA_DIR to another folder.`,
  );
}

async function takesLock(client: Client): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { rows } = await client.query("SELECT pg_try_advisory_lock(hashtext('tessera server')) AS granted");
    if (rows[0].granted) return true;
    await delay(100);
  }
  return false;
}

async function ensureDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = await connected(cluster, port, "postgres");
  const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [databaseName]);
  if (!rowCount) await client.query(`CREATE DATABASE ${databaseName}`);
  await client.end();
}

async function connected(cluster: Cluster, port: number, database: string): Promise<Client> {
  const client = new Client({ connectionString: urlOf(cluster, port, database), connectionTimeoutMillis: 2000 });
  client.on("error", (error) => console.error(`  ! PostgreSQL ended a connection of the server: ${error.message}`));
  await client.connect();
  return client;
}

function isComingOrGoing(error: unknown): boolean {
  const { code = "", message } = error as { code?: string; message: string };
  return /^(ECONN|EPIPE|57P0)/.test(code) || /terminated|timeout/.test(message);
}

function urlOf({ password }: Cluster, port: number, database: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** The port of the last time, or another when something else took it meanwhile. */
async function storedPort(file: string): Promise<number> {
  const kept = existsSync(file) ? Number(await readFile(file, "utf8")) : 0;
  const port = (await freePort(kept)) ?? (await freePort(0));
  if (!port) throw new CannotStart("There is no free port on 127.0.0.1 for PostgreSQL.");
  await writeFile(file, String(port));
  return port;
}

/** This port when it is free on 127.0.0.1, any free one for 0; null when it is taken. */
export function freePort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(null));
    probe.listen(wanted, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function lastLine(text = ""): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** Runs PostgreSQL's programs as their account, with messages in English. */
function asAccount({ account }: Cluster) {
  return { ...account, cwd: "/", env: { ...process.env, LC_ALL: "C" } };
}
