import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { makeDataFolder } from "@/testing/data-folder";
import { makeTarget, permission, type Target } from "@/testing/revocation-target";
import { type ServerProcess, startServer } from "@/testing/tested-server";

// Three processes are started from the production build, after building it if necessary.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 600_000 });
const pollOptions = { timeout: 120_000, interval: 100 };

let folder: string;
let log: string;
let server: ServerProcess;
let target: Target;

beforeAll(async () => {
  await ensureBuilt();
  folder = await makeDataFolder();
  log = join(folder, "server.log");
  const settings = {
    PORT: String(await freePort(0)),
    WEB_CONCURRENCY: "2",
    TESSERA_DATABASE_CONNECTIONS: "8",
    TESSERA_DATA_DIR: folder,
  };
  server = await startServer(settings, log);
  target = await makeTarget(false);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sends a request over a new connection, which either process may accept. */
async function send(path: string, method = "GET", headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(server.origin);
  const outgoing = request({ hostname, port, path, method, headers, agent: false }).end();
  const [response] = await once(outgoing, "response");
  return { status: response.statusCode as number, text: (await response.toArray()).join("") as string };
}

const printed = () => readFile(log, "utf8");
const asTarget = () => ({ Authorization: `Bearer ${target.value}` });

/** The number of the process that accepted this connection. */
async function readProcessNumber(): Promise<string> {
  const { text } = await send("/metrics");
  return /^process_resident_memory_bytes\{process="(\d+)"\} \d+$/m.exec(text)?.[1] ?? text;
}

async function expectBothProcesses(): Promise<void> {
  const seen = new Set<string>();
  await expect.poll(async () => [...seen.add(await readProcessNumber())].toSorted(), pollOptions).toEqual(["1", "2"]);
}

test("several processes serve one port, and their metrics have the number of the process", expectBothProcesses);

test("each of them refuses at once a token that was removed through one of them", async () => {
  const authorizePath = `/api/v1/authorize?permission=${permission}`;
  for (let times = 0; times < 20; times++) expect((await send(authorizePath, "GET", asTarget())).status).toBe(200);
  expect((await send("/api/v1/token", "DELETE", asTarget())).status).toBe(204);
  for (let times = 0; times < 20; times++) expect((await send(authorizePath, "GET", asTarget())).status).toBe(401);
});

test.runIf(process.platform === "linux")("no process holds the compiler of Next in memory", async () => {
  const [, ...pids] = /2 processes \((\d+), (\d+)\) on port/.exec(await printed()) ?? [];
  expect(pids).toHaveLength(2);
  for (const pid of pids) expect(await readFile(`/proc/${pid}/maps`, "utf8")).not.toContain("next-swc");
});

test("when one is killed, the other continues and it is restarted", async () => {
  const [, first] = /2 processes \((\d+), \d+\) on port/.exec(await printed()) ?? [];
  process.kill(Number(first), "SIGKILL");
  await expect.poll(printed, pollOptions).toContain("process 1 stopped (SIGKILL)");
  for (let times = 0; times < 20; times++) expect((await send("/health/live")).status).toBe(200);
  await expect.poll(printed, pollOptions).toContain("process 1 restarted");
  await expectBothProcesses();
});

test("all of them stop cleanly on SIGTERM", async () => {
  expect(await server.stop()).toMatchObject({ code: 0, timedOut: false });
  expect(await printed()).toContain("Stopped.");
  await expect(send("/health/live")).rejects.toThrow("ECONNREFUSED");
});
