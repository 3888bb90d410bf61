import { execFile } from "node:child_process";
import { appendFile, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase } from "@/lib/db";
import { env } from "@/lib/env";
import { type EmbeddedDatabase, freePort, startDatabase } from "@/lib/server/database";
import { migrate } from "@/lib/server/migrate";
import { postgresPrograms } from "@/lib/server/postgres-programs";
import { credentialsOf, headersOf } from "@/testing/client";
import { type DatabaseProxy, startDatabaseProxy } from "@/testing/database-proxy";
import { type Instance, startInstance } from "@/testing/instance";
import { makeTarget, permission, type Target } from "@/testing/revocation-target";

// An instance whose address of the database leads to a primary or to its standby, as while a cluster fails over.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const run = promisify(execFile);
let folder: string;
let primary: EmbeddedDatabase;
let standby: { url: string; start(): Promise<void>; stop(): Promise<void> };
let proxy: DatabaseProxy;
let instance: Instance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tessera-standby-"));
  primary = await startDatabase(join(folder, "primary"), { superuser: true });
  await migrate(primary.url);
  standby = await makeStandby();
  proxy = await startDatabaseProxy(new URL(primary.url));
  env().databaseUrl = primary.url;
  instance = await startInstance("failing over", { settings: { DATABASE_URL: proxy.url } });
});

afterAll(async () => {
  await instance.stop();
  proxy.close();
  await closeDatabase();
  await standby.stop();
  await primary.stop();
  await rm(folder, { recursive: true, force: true });
});

test("while the address leads to a standby nothing is verified, a token that it still has as valid least of all", async () => {
  const [revoked, other] = [await makeTarget(false), await makeTarget(false)];
  expect(await authorize(revoked)).toBe(200);
  expect(await authorize(other)).toBe(200);
  await caughtUp();
  await ask(standby.url, "SELECT pg_wal_replay_pause()");
  await ask(primary.url, `DELETE FROM tokens WHERE id = '${revoked.id}'`);
  expect(await authorize(revoked)).toBe(401);
  expect(await ask(standby.url, `SELECT count(*)::int AS count FROM tokens WHERE id = '${revoked.id}'`)).toEqual([
    { count: 1 },
  ]);

  proxy.leadTo(new URL(standby.url));
  for (let round = 0; round < 5; round++) {
    for (const target of [revoked, other]) expect(await authorize(target)).toBe(503);
    expect((await fetch(`${instance.origin}/health/ready`)).status).toBe(503);
    expect((await request("GET", "/api/v1/tokens", other)).status).toBe(503);
    expect((await request("DELETE", `/api/v1/tokens/${other.id}`, other)).status).toBe(503);
  }
  await ask(standby.url, "SELECT pg_wal_replay_resume()");
  proxy.leadTo(new URL(primary.url));
  await expect.poll(() => authorize(other), { timeout: 20_000 }).toBe(200);
  expect(await authorize(revoked)).toBe(401);
});

test("a primary that becomes read-only is no database either, on connections that are open already", async () => {
  const target = await makeTarget(false);
  expect(await authorize(target)).toBe(200);
  await configure("ALTER SYSTEM SET default_transaction_read_only = on");
  await expect.poll(() => authorize(target), { timeout: 20_000 }).toBe(503);
  expect((await fetch(`${instance.origin}/health/ready`)).status).toBe(503);
  await configure("ALTER SYSTEM RESET default_transaction_read_only");
  await expect.poll(() => authorize(target), { timeout: 20_000 }).toBe(200);
});

test("a revocation that no standby confirms is answered 503 and may have happened, within 10 s, and others are verified", async () => {
  const [revoked, other] = [await makeTarget(false), await makeTarget(false)];
  expect(await authorize(other)).toBe(200);
  await configure("ALTER SYSTEM SET synchronous_standby_names = 'standby1'");
  await standby.stop();
  const began = performance.now();
  const answering = request("DELETE", `/api/v1/tokens/${revoked.id}`, revoked);
  expect(await authorize(other)).toBe(200);
  const answer = await answering;
  expect(performance.now() - began).toBeLessThan(10_000);
  expect({ status: answer.status, retryAfter: answer.headers.get("retry-after") }).toEqual({
    status: 503,
    retryAfter: "2",
  });
  expect((await answer.json()).detail).toContain("may have happened");
  expect(await authorize(other)).toBe(200);

  await standby.start();
  await expect.poll(() => authorize(revoked), { timeout: 30_000 }).toBe(401);
  await configure("ALTER SYSTEM RESET synchronous_standby_names");
});

const authorize = async (target: Target): Promise<number> =>
  (await request("GET", `/api/v1/authorize?permission=${permission}`, target, credentialsOf(target.value))).status;

const request = (method: string, path: string, { asOwner }: Target, credentials = asOwner) =>
  fetch(instance.origin + path, { method, headers: headersOf(credentials) });

/** Copies the stopped primary, starts it again, and starts the copy as its standby. */
async function makeStandby() {
  const programs = await postgresPrograms(join(folder, "primary/postgres"));
  const data = join(programs.home, "data");
  const copy = `${data}-standby`;
  await primary.stop();
  await cp(data, copy, { recursive: true, preserveTimestamps: true });
  primary = await startDatabase(join(folder, "primary"), { superuser: true });
  const { port, password } = new URL(primary.url);
  const connection = `host=127.0.0.1 port=${port} user=postgres password=${password} application_name=standby1`;
  await writeFile(join(copy, "standby.signal"), "");
  await appendFile(join(copy, "postgresql.auto.conf"), `primary_conninfo = '${connection}'\n`);
  if (programs.account) await run("chown", ["-R", `${programs.account.uid}:${programs.account.gid}`, copy]);
  await run("chmod", ["-R", "go-rwx", copy]);
  const ownPort = await freePort(0);
  const options = `-c port=${ownPort} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  const as = { ...programs.account, cwd: "/", env: { ...process.env, LC_ALL: "C" } };
  const control = (...args: string[]) => run(programs.pgCtl, [...args, "-w", "-s", "-D", copy], as);
  const start = async () => void (await control("start", "-l", `${copy}.log`, "-o", options));
  const stop = async () => void (await control("stop", "-m", "immediate").catch(() => undefined));
  await start();
  const url = new URL(primary.url);
  url.port = String(ownPort);
  return { url: url.href, start, stop };
}

/** Waits until the standby has replayed what the primary has written. */
async function caughtUp(): Promise<void> {
  const lag = "SELECT FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()";
  await expect.poll(async () => (await ask(primary.url, lag)).length, { timeout: 30_000 }).toBe(1);
}

/** Sets a setting of the primary. */
async function configure(change: string): Promise<void> {
  await ask(primary.url, change);
  await ask(primary.url, "SELECT pg_reload_conf()");
}

async function ask(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
