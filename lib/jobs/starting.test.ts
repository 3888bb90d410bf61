import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { editApp } from "@/lib/apps/commands";
import { runApp } from "@/lib/apps/running";
import { db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { makeApp } from "@/lib/testing/apps";
import { changeTokens } from "@/lib/tokens/changes";
import { changeUser } from "@/lib/users/commands";
import { actorOf, introduceCast } from "@/prisma/cast";
import { closeQueue, installQueue } from "./queue";
import { takeJob } from "./transitions";

let ada: Actor;
let mia: Actor;
let slug: string;
let tokenId: string;

beforeAll(async () => {
  await introduceCast(new Date());
  await installQueue();
  mia = await actorOf("mia", new Date());
});
afterAll(closeQueue);
beforeEach(async () => {
  await db.job.deleteMany();
  while ((await takeJob(new Date())) !== null);
  ada = await actorOf("ada", new Date());
  const { app } = await makeApp(ada, { name: `Gauges ${Math.random()}` });
  [slug, tokenId] = [app.slug, app.tokenId ?? ""];
  ada = await actorOf("ada", new Date());
  await runApp({ address: null, agent: null }, slug, { parameters: {} });
});

/** Answers once a connection to this database waits for a lock of another. */
async function untilSomebodyWaits(): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    const { rows } = await pool().query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
    await wait(20);
  }
  throw new Error("Nobody waits.");
}

/** Takes the next job while somebody is in the middle of this change, which then happens. */
async function takenDuring(change: string, id: string): Promise<unknown> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    await client.query(change, [id]);
    const taken = takeJob(new Date());
    await untilSomebodyWaits();
    await client.query("COMMIT");
    return await taken;
  } finally {
    client.release();
  }
}

test.each([
  ["token", "UPDATE tokens SET enabled = false WHERE app_id = $1", "The token that submitted this job was disabled."],
  ["token, removed,", "DELETE FROM tokens WHERE app_id = $1", "The token that submitted this job was removed."],
  [
    "owner",
    "UPDATE users SET enabled = false WHERE id = (SELECT owner_id FROM apps WHERE id = $1)",
    "The account that submitted this job is disabled.",
  ],
  ["app", "UPDATE apps SET enabled = false WHERE id = $1", /^The app Gauges .* was disabled\.$/],
])("a job whose %s is stopped at the moment it would begin does not begin", async (_, change, reason) => {
  const { id } = await db.app.findUniqueOrThrow({ where: { slug } });
  expect(await takenDuring(change, id)).toBe("skipped");
  const told = typeof reason === "string" ? reason : expect.stringMatching(reason);
  expect(await db.job.findFirstOrThrow()).toMatchObject({ status: "cancelled", reason: told, startedAt: null });
  await db.user.updateMany({ data: { enabled: true } });
});

test("of jobs that begin while everything is switched off and on, none begins after the answer", async () => {
  const switches = [
    (on: boolean) => changeTokens(ada, { change: on ? "enable" : "disable", ids: [tokenId] }),
    (on: boolean) => editApp(ada, slug, { enabled: on }),
    (on: boolean) => changeUser(mia, "ada", { enabled: on }),
  ];
  for (let round = 0; round < 12; round++) {
    const flip = switches[round % switches.length];
    const [taken, before] = await Promise.all([
      takeJob(new Date()),
      flip?.(false).then(() => db.job.findFirstOrThrow({ select: { status: true } })),
    ]);
    const after = await db.job.findFirstOrThrow({ select: { status: true } });
    // It had begun when the switch was answered, or it was taken down and stays so.
    if (taken === "skipped") expect(after.status).toBe("cancelled");
    else expect(before?.status).toBe("running");
    await flip?.(true);
    await db.job.deleteMany();
    await runApp({ address: null, agent: null }, slug, { parameters: {} });
  }
});
