import { closeSync, openSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { type Ending, endGroup, startGroup, waitForEnd } from "@/testing/bounded";
import { Client, credentialsOf } from "@/testing/client";
import { makeDataFolder } from "@/testing/data-folder";
import { makeTarget, permission, type Target } from "@/testing/revocation-target";

// `npm run cluster` starts three instances from the production build, after building it if necessary.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });
const pollOptions = { timeout: 180_000, interval: 100 };

let folder: string;
let log: string;
let stop: () => Promise<Ending>;
let balancer: Client;
let instances: { client: Client; pid: number }[];
let target: Target;

beforeAll(async () => {
  await ensureBuilt();
  folder = await makeDataFolder();
  log = join(folder, "cluster.log");
  const port = await freePort(0);
  const settings = { PORT: String(port), TESSERA_DATABASE_CONNECTIONS: "10", TESSERA_DATA_DIR: folder };
  const output = openSync(log, "a");
  const args = ["--import", "tsx", "--conditions=react-server", "scripts/cluster.ts", "3"];
  const cluster = startGroup(args, { ...settings, NODE_ENV: "production" }, output);
  closeSync(output);
  const ending = waitForEnd(cluster, 15, false);
  stop = () => {
    endGroup(cluster, "SIGTERM");
    return ending;
  };
  const isUp = async () => (await printed()).includes("Tessera is ready after");
  await vi.waitUntil(async () => cluster.exitCode !== null || (await isUp()), pollOptions);
  if (!(await isUp())) throw new Error(`The cluster did not start. It printed:\n${await printed()}`);
  balancer = new Client(`http://127.0.0.1:${port}`);
  const lines = [...(await printed()).matchAll(/Instance \d +(http:\S+), process (\d+)/g)];
  instances = lines.map(([, origin = "", pid]) => ({ client: new Client(origin), pid: Number(pid) }));
  target = await makeTarget(false);
});
afterAll(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

const printed = () => readFile(log, "utf8");

/** The acknowledged changes: by token id, the instance that created it and whether it was disabled after that. */
type Acknowledged = Map<string, { by: number; enabled: boolean }>;

test("an instance killed under load loses no acknowledged change, the others continue, and it is restarted", async () => {
  expect(instances).toHaveLength(3);
  const acknowledged: Acknowledged = new Map();
  const load = { isOn: true };
  const broken: string[] = [];
  const background = [
    ...[0, 1, 2].flatMap((by) => [by, by].map(() => changeTokens(by, load, acknowledged))),
    readThroughBalancer(load, broken),
  ];
  const made = (by: number) => [...acknowledged.values()].filter((token) => token.by === by).length;

  await expect.poll(() => Math.min(made(0), made(1), made(2)), pollOptions).toBeGreaterThanOrEqual(10);
  // The last use has been written. A kill loses only the uses of the last few seconds.
  await expect.poll(lastUsed, pollOptions).not.toBeNull();
  process.kill(instances[1]?.pid ?? 0, "SIGKILL");
  const before = [made(0), made(2)] as const;
  await expect.poll(() => made(0) - before[0], pollOptions).toBeGreaterThanOrEqual(10);
  await expect.poll(() => made(2) - before[1], pollOptions).toBeGreaterThanOrEqual(10);
  await expect.poll(printed, pollOptions).toMatch(/Instance 2 +ready again after/);
  const madeBeforeRestart = made(1);
  await expect.poll(() => made(1) - madeBeforeRestart, pollOptions).toBeGreaterThanOrEqual(10);
  load.isOn = false;
  await Promise.all(background);

  const rows = await db.token.findMany({ where: { ownerId: target.owner.id }, select: { id: true, enabled: true } });
  const stored = new Map(rows.map(({ id, enabled }) => [id, enabled]));
  const lost = [...acknowledged].filter(
    ([id, { enabled }]) => stored.get(id) === undefined || (!enabled && stored.get(id)),
  );
  expect(lost).toEqual([]);
  expect(await lastUsed()).not.toBeNull();
  expect(broken).toEqual([]);
  console.log(
    `${acknowledged.size} acknowledged changes are stored; ready again under that load after ${await restartTime(2)}`,
  );
});

test("an instance killed without load is restarted", async () => {
  process.kill(instances[2]?.pid ?? 0, "SIGKILL");
  await expect.poll(printed, pollOptions).toMatch(/Instance 3 +ready again after/);
  console.log(`ready again without load after ${await restartTime(3)}`);
});

test("the cluster stops cleanly on SIGTERM", async () => {
  expect(await stop()).toMatchObject({ code: 0, timedOut: false });
});

/** Creates and disables tokens at one instance, and records the changes that it acknowledges. */
async function changeTokens(by: number, load: { isOn: boolean }, acknowledged: Acknowledged): Promise<void> {
  const client = instances[by]?.client as Client;
  const { asOwner } = target;
  while (load.isOn) {
    const json = { name: crypto.randomUUID(), expiresAt: later(new Date(), days(1)).toISOString(), permissions: [] };
    const made = await client.send("POST", "/api/v1/tokens", { ...asOwner, json });
    if (made.status === 201) {
      const { id } = JSON.parse(made.text) as { id: string };
      acknowledged.set(id, { by, enabled: true });
      const path = `/api/v1/tokens/${id}`;
      const disabled = await client.send("PATCH", path, { ...asOwner, json: { enabled: false } });
      if (disabled.status === 200) acknowledged.set(id, { by, enabled: false });
    } else await delay(50);
  }
}

/** Sends reads through the balancer, which must find another instance for each. */
async function readThroughBalancer(load: { isOn: boolean }, broken: string[]): Promise<void> {
  while (load.isOn) {
    const path = `/api/v1/authorize?permission=${permission}`;
    const { status, text } = await balancer.send("GET", path, credentialsOf(target.value));
    if (status !== 200 && status !== 503) broken.push(`${status} ${text}`);
    await delay(5);
  }
}

const restartTime = async (instance: number) =>
  new RegExp(`Instance ${instance} +ready again after ([\\d.]+ s)`).exec(await printed())?.[1];

const lastUsed = async () =>
  (await db.token.findUniqueOrThrow({ where: { id: target.id }, select: { lastUsedAt: true } })).lastUsedAt;
