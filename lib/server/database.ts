import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { totalmem } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { asAccount, createDataFolder } from "./data-folder";
import { ensureRole, giveEverything, roleName } from "./embedded-role";
import { endOrphans } from "./orphans";
import { type PostgresPrograms, postgresPrograms } from "./postgres-programs";
import { postmasterIn } from "./postmaster";
import { CannotStart, note } from "./steps";
import { supervise } from "./supervision";

export type EmbeddedDatabase = {
  url: string;
  description: string;
  stop(): Promise<void>;
};

type Cluster = PostgresPrograms & {
  dataDir: string;
  data: string;
  log: string;
  password: string;
  rolePassword: string;
  throwaway: boolean;
  connections: number;
  timeoutMs: number;
  /** Null until it was started or found. A restart must keep it, because clients know it. */
  port: number | null;
  /** Whether this process started PostgreSQL, and no other uses it. */
  isStarted: boolean;
};

const run = promisify(execFile);
const databaseName = roleName;

interface Options {
  /** For tests: writes are not forced to disk, and the data is deleted at the stop. */
  throwaway?: boolean;
  /** For tests: the URL is of a superuser, and not of the role that owns the database. */
  superuser?: boolean;
  connections?: number;
  /** How long PostgreSQL may take to start, apart from its recovery after a crash. */
  timeoutMs?: number;
  /** Ends a start that is not complete, and PostgreSQL with it. */
  signal?: AbortSignal;
  onLost?: (error: unknown) => void;
}

/** Starts PostgreSQL, and again when it ends, or adopts one that a killed server left: two must never use the same
 * data. It listens on the loopback address only, with a random password. `dataDir` keeps the data between starts.
 * Throws CannotStart when another server uses this folder, or PostgreSQL does not come up. */
export async function startDatabase(
  dataDir: string,
  {
    throwaway = false,
    superuser = throwaway,
    connections = 0,
    timeoutMs = 30_000,
    signal = new AbortController().signal,
    onLost = () => undefined,
  }: Options = {},
): Promise<EmbeddedDatabase> {
  ignoreClientVariables();
  await mkdir(dataDir, { recursive: true });
  await chmod(dataDir, 0o755);
  const programs = await postgresPrograms(join(dataDir, "postgres"));
  const { home } = programs;
  const password = await readOrCreateSecret(join(dataDir, "postgres-password"));
  const rolePassword = await readOrCreateSecret(join(dataDir, "postgres-role-password"));
  const cluster: Cluster = {
    ...programs,
    dataDir,
    data: join(home, "data"),
    log: join(home, "server.log"),
    password,
    rolePassword,
    throwaway,
    connections,
    timeoutMs,
    port: null,
    isStarted: false,
  };

  await createDataFolder(cluster, signal);
  const claim = await startOrAdopt(cluster, signal).catch(async (error) => {
    if (cluster.isStarted) await stop(cluster, "fast");
    throw error;
  });
  const supervision = supervise(claim, (signal) => startOrAdopt(cluster, signal), onLost);
  const { port } = cluster;
  return {
    url: superuser ? urlOf(cluster, databaseName) : roleUrlOf(cluster),
    description: `PostgreSQL 18 on port ${port}, data in ${relative(process.cwd(), home)}`,
    stop: async () => {
      await supervision.end();
      await stop(cluster, "fast");
      if (throwaway) await rm(home, { recursive: true, force: true });
    },
  };
}

/** Those of another database, such as PGSSLMODE and PGOPTIONS, would apply to every connection to this one. */
function ignoreClientVariables(): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]/.test(name)) delete process.env[name];
}

/** The secret of 43 random base64url characters is written at first use. Only the owner of the file may read it. */
export async function readOrCreateSecret(path: string): Promise<string> {
  // A full disk or a power cut may leave an empty file.
  if (!(await readSecret(path))) {
    const unfinished = `${path}.${process.pid}`;
    await writeFile(unfinished, randomBytes(32).toString("base64url"), { mode: 0o600, flush: true });
    if (existsSync(path)) await rm(path);
    // A rename would replace the secret that another process has just written. Not every file system has links.
    await link(unfinished, path).catch((error: NodeJS.ErrnoException) =>
      error.code === "EEXIST" ? undefined : rename(unfinished, path),
    );
    await rm(unfinished, { force: true });
  }
  return readSecret(path);
}

const readSecret = async (path: string): Promise<string> =>
  existsSync(path) ? (await readFile(path, "utf8")).trim() : "";

/** Waits for a recovery after a crash as long as it takes, since a stop would only make it begin again. */
async function startOrAdopt(cluster: Cluster, signal: AbortSignal): Promise<Client> {
  const { data, log, timeoutMs } = cluster;
  let deadline = Date.now() + timeoutMs;
  let isStopped = false;
  let isNoted = false;
  while (Date.now() < deadline) {
    signal.throwIfAborted();
    const found = await runningPostmaster(cluster);
    if (!found) {
      await endOrphans(data);
      await start(cluster);
      continue;
    }
    cluster.port = found.port;
    const claim = await claimFolder(cluster);
    if (claim instanceof Client) return claim;
    if (claim === "recovering") {
      deadline = Date.now() + timeoutMs;
      if (!isNoted) note("Database", "PostgreSQL is starting or recovering, waiting for it");
      isNoted = true;
    } else if (!isStopped && Date.now() > deadline - timeoutMs / 2) {
      isStopped = true;
      await stop(cluster, "immediate");
    }
    await delay(200);
  }
  throw new CannotStart(`PostgreSQL did not start within ${timeoutMs / 1000} s. See its log: ${log}`);
}

/** A pid file that names a process of another program is stale and is removed. */
async function runningPostmaster({ data }: Cluster): Promise<{ port: number } | null> {
  const found = await postmasterIn(data);
  if (!found) await rm(join(data, "postmaster.pid"), { force: true });
  return found;
}

async function start(cluster: Cluster): Promise<void> {
  const { pgCtl, dataDir, data, log, throwaway, connections, timeoutMs } = cluster;
  const port = cluster.port ?? (await readOrChoosePort(join(dataDir, "postgres-port")));
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    // Without it, a backup that is being restored would accept connections that cannot write yet.
    hot_standby: "off",
    // Without it, recovery after a crash opens each file of the data folder, which takes seconds.
    ...(process.platform === "linux" && { recovery_init_sync_method: "syncfs" }),
    max_connections: Math.max(throwaway ? 200 : 100, connections + 20),
    ...(throwaway
      ? { fsync: "off", full_page_writes: "off" }
      : { synchronous_commit: "on", shared_buffers: `${sharedBuffersMb()}MB` }),
  };
  const logged = existsSync(log) ? (await stat(log)).size : 0;
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  cluster.isStarted = true;
  try {
    await run(
      pgCtl,
      ["start", "-w", "-s", "-t", String(Math.ceil(timeoutMs / 3_000)), "-D", data, "-l", log, "-o", options.join(" ")],
      asAccount(cluster.account),
    );
  } catch (cause) {
    // It waits no longer for a recovery, which goes on.
    if (await postmasterIn(data)) return;
    const said = existsSync(log) ? reasonIn((await readFile(log)).subarray(logged)) : "";
    const reason = said || lastLine((cause as { stderr?: string }).stderr);
    throw new CannotStart(`PostgreSQL did not start: ${reason} See its log: ${log}`, { cause });
  }
}

/** A million tokens do not fit into PostgreSQL's default of 128 MB. The memory is allocated as the data grow. */
function sharedBuffersMb(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const megabytes = Math.floor(memory / 8 / 2 ** 20);
  return Math.min(Math.max(megabytes, 128), 1_024);
}

async function stop(cluster: Cluster, mode: "fast" | "immediate"): Promise<void> {
  try {
    await run(
      cluster.pgCtl,
      ["stop", "-w", "-s", "-t", "20", "-m", mode, "-D", cluster.data],
      asAccount(cluster.account),
    );
  } catch (error) {
    if (await runningPostmaster(cluster)) {
      if (mode === "immediate") throw error;
      await stop(cluster, "immediate");
    }
  }
}

/** Takes the advisory lock that marks the data folder as used, which ends with its connection, however the process
 * ends. Returns why it cannot connect while the postmaster is recovering, or is starting or stopping. */
async function claimFolder(cluster: Cluster): Promise<Client | "recovering" | "unreachable"> {
  try {
    await ensureDatabase(cluster);
    const client = await connect(cluster, databaseName);
    if (await tryLock(client)) {
      await giveEverything(client);
      return client;
    }
    await client.end();
    cluster.isStarted = false;
  } catch (error) {
    if (isRecovering(error)) return "recovering";
    if (isStartingOrStopping(error)) return "unreachable";
    throw new CannotStart(`PostgreSQL refused the connection: ${(error as Error).message}`, { cause: error });
  }
  throw new CannotStart(
    `Another Tessera is already using ${cluster.dataDir}. Stop it first, or set TESSERA_DATA_DIR to another folder.`,
  );
}

async function tryLock(client: Client): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { rows } = await client.query("SELECT pg_try_advisory_lock(hashtext('tessera server')) AS granted");
    if (rows[0].granted) return true;
    await delay(100);
  }
  return false;
}

async function ensureDatabase(cluster: Cluster): Promise<void> {
  const client = await connect(cluster, "postgres");
  try {
    // Another start may do the same at this moment, before one of them has the folder.
    await client.query("SELECT pg_advisory_lock(hashtext('tessera database'))");
    await ensureRole(client, cluster.rolePassword);
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [databaseName]);
    if (!rowCount) await client.query(`CREATE DATABASE ${databaseName} OWNER ${roleName}`);
  } finally {
    await client.end();
  }
}

async function connect(cluster: Cluster, database: string): Promise<Client> {
  const client = new Client({ connectionString: urlOf(cluster, database), connectionTimeoutMillis: 2000 });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** PostgreSQL has one code for all states in which it accepts no connections, and these messages in English. */
function isRecovering(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return code === "57P03" && !message.includes("shutting down");
}

function isStartingOrStopping(error: unknown): boolean {
  const { code = "", message } = error as { code?: string; message: string };
  return /^(ECONN|EPIPE|57P0)/.test(code) || /terminated|timeout/.test(message);
}

function urlOf({ password, port }: Cluster, database: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

function roleUrlOf({ rolePassword, port }: Cluster): string {
  return `postgres://${roleName}:${rolePassword}@127.0.0.1:${port}/${databaseName}`;
}

async function readOrChoosePort(file: string): Promise<number> {
  const lastPort = existsSync(file) ? Number(await readFile(file, "utf8")) : 0;
  const isPort = Number.isInteger(lastPort) && lastPort > 0 && lastPort < 65_536;
  const port = (isPort ? await freePort(lastPort) : null) ?? (await freePort(0));
  if (!port) throw new CannotStart("There is no free port on 127.0.0.1 for PostgreSQL.");
  await writeFile(file, String(port));
  return port;
}

/** Returns the wanted port, or null when it is taken on 127.0.0.1. For 0, it returns any free port. */
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

/** PostgreSQL writes why it ends, and then that it ended. */
function reasonIn(bytes: Buffer): string {
  const log = bytes.toString();
  const fatal = log.split("\n").findLast((line) => /\b(FATAL|PANIC):/.test(line));
  return fatal?.replace(/^.*?\b(FATAL|PANIC): +/, "") ?? lastLine(log);
}

function lastLine(text = ""): string {
  return text.trim().split("\n").at(-1) ?? "";
}
