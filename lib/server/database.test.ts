import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { makeDataFolder } from "@/testing/data-folder";
import { readOrCreateSecret, startDatabase } from "./database";
import { migrate } from "./migrate";
import { endOrphans } from "./orphans";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-database-"));
});

afterAll(async () => {
  await (await startDatabase(folder)).stop();
  await rm(folder, { recursive: true });
});

test("what was committed is there at the next start, on the same port", async () => {
  const first = await startDatabase(folder);
  await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.stop();
  const second = await startDatabase(folder);
  expect(await ask(second.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  expect(second.url).toBe(first.url);
  await second.stop();
});

test("it speaks to this machine only, wants its password, and confirms a commit once it is on disk", async () => {
  const { url, stop } = await startDatabase(folder, { superuser: true });
  const settings = await ask(
    url,
    "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories', 'synchronous_commit', 'fsync') ORDER BY name",
  );
  expect(settings.map(({ setting }) => setting)).toEqual(["on", "127.0.0.1", "on", ""]);
  const withoutPassword = new URL(url);
  withoutPassword.password = "password";
  await expect(ask(withoutPassword.href, "SELECT 1")).rejects.toThrow("password authentication failed");
  if (process.platform !== "win32") {
    expect((await stat(join(folder, "postgres-password"))).mode & 0o777).toBe(0o600);
  }
  await stop();
});

test("the server that a killed process left behind is taken over, not doubled", async () => {
  const killed = await holder();
  const postmaster = await pid();
  killed.kill("SIGKILL");
  await once(killed, "exit");

  const { url, stop } = await startDatabase(folder);
  expect(await pid()).toBe(postmaster);
  expect(await ask(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await stop();
});

test("after a power cut, with process and postmaster gone, it recovers", async () => {
  const killed = await holder();
  process.kill(await pid(), "SIGKILL");
  killed.kill("SIGKILL");
  await once(killed, "exit");

  const { url, stop } = await startDatabase(folder);
  expect(await ask(url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  await stop();
});

test("a postmaster that is killed is started again within 15 s, on the same port and with all data, even if a backend is busy", async () => {
  const lost: unknown[] = [];
  const { url, stop } = await startDatabase(folder, { onLost: (error) => lost.push(error) });
  await ask(url, "CREATE TABLE committed AS SELECT 43 AS answer");
  const busy = ask(url, "SELECT count(*) FROM generate_series(1, 1e11::bigint) AS n").catch(({ message }) => message);
  await expect
    .poll(async () => (await ask(url, "SELECT FROM pg_stat_activity WHERE query LIKE '%1e11%'")).length)
    .toBeGreaterThan(1);
  const killed = await pid();
  const began = performance.now();
  process.kill(killed, "SIGKILL");
  const answered = () => ask(url, "SELECT answer FROM committed").catch(({ message }) => message);
  await expect.poll(() => pid(), { timeout: 15_000 }).not.toBe(killed);
  await expect.poll(answered, { timeout: 15_000 }).toEqual([{ answer: 43 }]);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(await busy).toMatch(/terminat|reset/i);

  const again = await pid();
  process.kill(again, "SIGKILL");
  await expect.poll(() => pid(), { timeout: 15_000 }).not.toBe(again);
  await expect.poll(answered, { timeout: 15_000 }).toEqual([{ answer: 43 }]);
  expect(lost).toEqual([]);
  await stop();
});

test.skipIf(process.platform === "win32")(
  "a recovery that takes longer than the limit for a start is waited for, and not stopped",
  async () => {
    const slow = await mkdtemp(join(tmpdir(), "tessera-database-"));
    onTestFinished(() => rm(slow, { recursive: true }));
    const hold = join(slow, "hold");
    const data = join(slow, "postgres/data");
    const first = await startDatabase(slow, { superuser: true });
    await ask(first.url, `ALTER SYSTEM SET restore_command = 'while test -e ${hold}; do sleep 0.1; done; false'`);
    await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.stop();
    await writeFile(hold, "");
    await writeFile(join(data, "recovery.signal"), "");
    const { uid, gid } = await stat(data);
    await chown(join(data, "recovery.signal"), uid, gid);

    const timeoutMs = 3_000;
    const starting = startDatabase(slow, { timeoutMs });
    starting.catch(() => undefined);
    await expect.poll(() => pid(slow).catch(() => null), { timeout: 15_000 }).not.toBeNull();
    const recovering = await pid(slow);
    await delay(3 * timeoutMs);
    expect(await pid(slow)).toBe(recovering);
    await rm(hold);
    const { url, stop } = await starting;
    expect(await ask(url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
    expect(await pid(slow)).toBe(recovering);
    await stop();
  },
);

test("a backend that crashes costs a moment, and the postmaster remains", async () => {
  const { url, stop } = await startDatabase(folder);
  const postmaster = await pid();
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  process.kill(rows[0].pid, "SIGKILL");
  await ended;
  const answered = () => ask(url, "SELECT 1 AS one").catch(({ message }) => message);
  await expect.poll(answered, { timeout: 15_000 }).toEqual([{ one: 1 }]);
  expect(await pid()).toBe(postmaster);
  await stop();
});

test("the role of the URL owns its database, and may neither become a superuser nor read or write files", async () => {
  const { url, stop } = await startDatabase(folder);
  const [role] = await ask(
    url,
    "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user",
  );
  expect(Object.values(role)).toEqual(["tessera", false, false, false, false, false]);
  await ask(url, "CREATE EXTENSION IF NOT EXISTS pg_trgm");
  for (const sql of [
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('PG_VERSION')",
    "ALTER ROLE tessera SUPERUSER",
  ]) {
    await expect(ask(url, sql), sql).rejects.toMatchObject({ code: "42501" });
  }
  await stop();
});

test("a database of an older version is given to the role, with all that is in it", async () => {
  const older = await mkdtemp(join(tmpdir(), "tessera-database-"));
  onTestFinished(() => rm(older, { recursive: true }));
  const { url, stop } = await startDatabase(older, { superuser: true });
  await migrate(url);
  await ask(
    url,
    "CREATE SCHEMA older; CREATE TYPE older.colour AS ENUM ('red'); CREATE TABLE older.things (id serial, c older.colour)",
  );
  await ask(
    url,
    "CREATE TABLE older.parts (id int) PARTITION BY LIST (id); CREATE TABLE older.part PARTITION OF older.parts DEFAULT",
  );
  await ask(url, "ALTER DATABASE tessera OWNER TO postgres");
  await stop();

  const next = await startDatabase(older);
  await ask(next.url, "INSERT INTO older.things (c) VALUES ('red')");
  await ask(
    next.url,
    "ALTER TABLE tokens ADD COLUMN later int; ALTER TYPE older.colour ADD VALUE 'blue'; CREATE SCHEMA newer",
  );
  const [left] = await ask(
    next.url,
    `SELECT count(*)::int AS count FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname IN ('public', 'older') AND relowner = 10`,
  );
  expect(left).toEqual({ count: 0 });
  await next.stop();
});

test("a pid file that names some other program's process does not stand in the way", async () => {
  const file = join(folder, "postgres/data/postmaster.pid");
  await writeFile(file, `${process.pid}\n${folder}\n1\n1\n\n127.0.0.1\n1 1\nready\n`);
  const { uid, gid } = await stat(join(folder, "postgres"));
  await chown(file, uid, gid);

  const { url, stop } = await startDatabase(folder);
  expect(await ask(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await stop();
});

test("a shell in the data folder is neither ended nor taken for the postmaster", async () => {
  const data = join(folder, "postgres/data");
  const shell = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000); console.log('here')"], {
    cwd: data,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(shell.stdout, "data");
  const ended = vi.fn();
  shell.once("exit", ended);
  const file = join(data, "postmaster.pid");
  await writeFile(file, `${shell.pid}\n${data}\n1\n1\n\n127.0.0.1\n1 1\nready\n`);
  const { uid, gid } = await stat(data);
  await chown(file, uid, gid);

  const { url, stop } = await startDatabase(folder);
  expect(await ask(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await stop();
  expect(ended).not.toHaveBeenCalled();
  shell.kill();
  await once(shell, "exit");
});

test("processes of PostgreSQL that a postmaster has are not ended as its orphans", async () => {
  const { stop } = await startDatabase(folder);
  const postmaster = await pid();
  await endOrphans(join(folder, "postgres/data"));
  expect(await pid()).toBe(postmaster);
  process.kill(postmaster, 0);
  await stop();
});

test("a second server on the same folder fails with a clear error, and the first continues", async () => {
  const first = await startDatabase(folder);
  await expect(startDatabase(folder)).rejects.toThrow(/Another Tessera is already using .*TESSERA_DATA_DIR/);
  expect(await ask(first.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await first.stop();
});

test.each([
  [
    "creates its data folder",
    async (home: string) => (await namesIn(home)).some((name) => name.startsWith("data.new")),
  ],
  ["starts PostgreSQL", (home: string) => existsSync(join(home, "data/postmaster.pid"))],
])("a start that is ended while it %s leaves no process and nothing half", async (_, isThere) => {
  const fresh = await freshFolder();
  const home = join(fresh, "postgres");
  const ending = new AbortController();
  const starting = startDatabase(fresh, { signal: ending.signal });
  const ended = expect(starting).rejects.toThrow("aborted");
  await expect.poll(() => isThere(home), { timeout: 30_000, interval: 5 }).toBe(true);
  ending.abort();
  await ended;
  await expect.poll(() => processesOf(fresh), { timeout: 10_000 }).toEqual([]);
  await (await startDatabase(fresh)).stop();
  expect((await namesIn(home)).toSorted()).toEqual(["data", "server.log"]);
});

test.each(["", "abc", "-5", "99999"])("the file of the port is written again when it says %j", async (text) => {
  await writeFile(join(folder, "postgres-port"), text);
  const { url, stop } = await startDatabase(folder);
  expect(await readFile(join(folder, "postgres-port"), "utf8")).toBe(new URL(url).port);
  await stop();
});

test("a secret that is empty after a power cut is made again", async () => {
  const file = join(folder, "a-secret");
  await writeFile(file, "");
  const secret = await readOrCreateSecret(file);
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(await readOrCreateSecret(file)).toBe(secret);
});

test("a start that fails does not leave PostgreSQL running", async () => {
  const file = join(folder, "postgres-password");
  const password = await readFile(file, "utf8");
  await writeFile(file, "another password");
  await expect(startDatabase(folder)).rejects.toThrow(
    "PostgreSQL refused the connection: password authentication failed",
  );
  await writeFile(file, password);
  expect(await processesOf(folder)).toEqual([]);
});

test("a data folder that is none is said in one line", async () => {
  const fresh = await freshFolder();
  await mkdir(join(fresh, "postgres/data"), { recursive: true });
  await expect(startDatabase(fresh)).rejects.toThrow(
    /^PostgreSQL did not start: pg_ctl: .* is not a database cluster directory .*$/,
  );
});

test("a start removes what killed starts have left of new data folders, and not what another is making", async () => {
  const fresh = await freshFolder();
  const home = join(fresh, "postgres");
  const left = ["data.new", `data.new-${2 ** 30}`, `data.new-${2 ** 30}.password`];
  const inUse = [`data.new-${process.ppid}`, `data.new-${process.ppid}.password`];
  for (const name of [...left, ...inUse]) await mkdir(join(home, name, "base"), { recursive: true });
  await (await startDatabase(fresh)).stop();
  expect((await namesIn(home)).toSorted()).toEqual(["data", ...inUse, "server.log"].toSorted());
});

test("of two processes that start in one new folder at the same moment, one gets it", async () => {
  const fresh = await freshFolder();
  const both = [spawnHolder(fresh), spawnHolder(fresh)];
  const outcomes = await Promise.all(
    both.map((child) =>
      Promise.race([once(child, "message").then(() => "has it"), once(child, "exit").then(() => "ended")]),
    ),
  );
  expect(outcomes.toSorted()).toEqual(["ended", "has it"]);
  const exits = both.filter(({ exitCode }) => exitCode === null).map((child) => once(child, "exit"));
  for (const child of both) child.kill("SIGKILL");
  await Promise.all(exits);
  await (await startDatabase(fresh)).stop();
});

async function freshFolder(): Promise<string> {
  const fresh = await makeDataFolder();
  onTestFinished(() => rm(fresh, { recursive: true }));
  return fresh;
}

const namesIn = (path: string) => readdir(path).catch((): string[] => []);

/** The command lines of programs of PostgreSQL that name the folder. */
async function processesOf(path: string): Promise<string[]> {
  const pids = (await namesIn("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(path) && /^[^\0]*(initdb|postgres)\0/.test(line));
}

/** Another process that has started the database and holds it. */
async function holder(): Promise<ChildProcess> {
  const child = spawnHolder(folder);
  await once(child, "message");
  return child;
}

function spawnHolder(path: string) {
  const execArgv = ["--import", "tsx", "--conditions=react-server"];
  return fork("testing/hold-database.ts", [path], { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
}

async function pid(dataDir = folder): Promise<number> {
  return Number((await readFile(join(dataDir, "postgres/data/postmaster.pid"), "utf8")).split("\n")[0]);
}

async function ask(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
