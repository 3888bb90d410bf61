import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { postgresPrograms } from "@/lib/server/postgres-programs";
import { DemoClient } from "@/scripts/demo-client";
import { makeDataFolder } from "@/testing/data-folder";
import { type ServerProcess, startServer } from "@/testing/tested-server";

// A server with its own PostgreSQL, from the production build, after building it if necessary.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 600_000 });

const password = "a long password for this test";
let folder: string;
let log: string;
let data: string;
let server: ServerProcess;
let client: DemoClient;

beforeAll(async () => {
  await ensureBuilt();
  folder = await makeDataFolder();
  log = join(folder, "server.log");
  const settings = { PORT: String(await freePort(0)), TESSERA_DATA_DIR: folder, TESSERA_ADMIN_PASSWORD: password };
  server = await startServer({ ...settings, DATABASE_URL: "", AUTH_SECRET: "" }, log);
  data = join((await postgresPrograms(join(folder, "postgres"))).home, "data");
  client = new DemoClient(server.origin);
  await client.signIn("admin", password);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("a postmaster that is killed is there again within 15 s, nothing is lost, and requests are 503 meanwhile", async () => {
  const created = new Set<string>();
  const statuses = new Set<number>();
  const load = { isOn: true };
  const working = createTokens(load, created, statuses);
  await expect.poll(() => created.size, { timeout: 30_000 }).toBeGreaterThan(5);

  const killed = await postmaster();
  process.kill(killed, "SIGKILL");
  const began = performance.now();
  await expect.poll(async () => (await fetch(`${server.origin}/health/ready`)).status, { timeout: 15_000 }).toBe(503);
  const isReady = async () => (await fetch(`${server.origin}/health/ready`)).status;
  await expect.poll(isReady, { timeout: 15_000 }).toBe(200);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(await postmaster()).not.toBe(killed);

  const before = created.size;
  await expect.poll(() => created.size, { timeout: 30_000 }).toBeGreaterThan(before + 5);
  load.isOn = false;
  await working;
  expect([...statuses].sort()).toEqual([201, 503]);
  const kept = await tokenNames();
  expect([...created].filter((name) => !kept.has(name))).toEqual([]);
  // The supervisor looks less often than requests come.
  await expect.poll(() => readFile(log, "utf8"), { timeout: 15_000 }).toMatch(/PostgreSQL works again after/);
});

test("when it cannot be started again, the server ends with a sentence and code 1", async () => {
  await rename(join(data, "global/pg_control"), join(data, "global/pg_control.away"));
  process.kill(await postmaster(), "SIGKILL");
  const { code } = await server.ended;
  expect(code).toBe(1);
  const said = (await readFile(log, "utf8")).split("\n").filter((line) => line.includes("✗"));
  expect(said).toEqual([
    expect.stringMatching(/PostgreSQL ended unexpectedly and cannot be started again\. .*pg_control/),
  ]);
});

async function postmaster(): Promise<number> {
  return Number((await readFile(join(data, "postmaster.pid"), "utf8")).split("\n")[0]);
}

/** Creates tokens one after the other, and collects the names of those that were answered, and all statuses. */
async function createTokens(load: { isOn: boolean }, created: Set<string>, statuses: Set<number>): Promise<void> {
  for (let number = 0; load.isOn; number++) {
    const name = `token ${number}`;
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { status } = await client.post("/api/v1/tokens", { name, expiresAt, permissions: [] });
    statuses.add(status);
    if (status === 201) created.add(name);
    else await delay(100);
  }
}

async function tokenNames(): Promise<Set<string>> {
  const names = new Set<string>();
  let next = "/api/v1/tokens?limit=100";
  while (next) {
    const page = (await (await client.get(next)).json()) as { items: { name: string }[]; nextCursor: string | null };
    for (const { name } of page.items) names.add(name);
    next = page.nextCursor ? `/api/v1/tokens?limit=100&cursor=${encodeURIComponent(page.nextCursor)}` : "";
  }
  return names;
}
