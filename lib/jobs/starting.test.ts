import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { editApp } from "@/lib/apps/commands";
import { runApp } from "@/lib/apps/running";
import { later, minutes } from "@/lib/clock";
import { databaseNow, db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { removeRepository } from "@/lib/repositories/commands";
import { bulkChange } from "@/lib/tokens/bulk";
import { endSession } from "@/lib/tokens/sessions";
import { changeUser } from "@/lib/users/commands";
import { removeWorkspace } from "@/lib/workspaces/commands";
import { makeApp } from "@/testing/apps";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast } from "@/testing/cast";
import { submitRun } from "./commands";
import { closeQueue, installQueue } from "./queue";
import { claimJob } from "./transitions";
import { startJobs } from "./worker";

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
  while ((await claimJob(new Date())) !== null);
  ada = await actorOf("ada", new Date());
  const { app } = await makeApp(ada, { name: `Gauges ${Math.random()}` });
  [slug, tokenId] = [app.slug, app.tokenId ?? ""];
  ada = await actorOf("ada", new Date());
  await runApp({ ip: null, agent: null }, slug, { parameters: {} });
});

test.each([
  [
    "its token is disabled",
    "UPDATE tokens SET enabled = false WHERE app_id = $1",
    "The token that submitted this job was disabled.",
  ],
  ["its token is removed", "DELETE FROM tokens WHERE app_id = $1", "The token that submitted this job was removed."],
  [
    "its owner is disabled",
    "UPDATE users SET enabled = false WHERE id = (SELECT owner_id FROM apps WHERE id = $1)",
    "The account that submitted this job is disabled.",
  ],
  ["its app is disabled", "UPDATE apps SET enabled = false WHERE id = $1", /^The app Gauges .* was disabled\.$/],
])("a job does not start when %s while it is being claimed", async (_, change, reason) => {
  const { id } = await db.app.findUniqueOrThrow({ where: { slug } });
  expect(await blockedBy([[change, id]], () => claimJob(new Date()))).toBe("skipped");
  const expected = typeof reason === "string" ? reason : expect.stringMatching(reason);
  expect(await db.job.findFirstOrThrow()).toMatchObject({ status: "cancelled", reason: expected, startedAt: null });
  await db.user.updateMany({ data: { enabled: true } });
});

test("no job starts after the answer that its token, app or owner is disabled", async () => {
  const switches = [
    (on: boolean) => bulkChange(ada, { change: on ? "enable" : "disable", ids: [tokenId] }),
    (on: boolean) => editApp(ada, slug, { enabled: on }),
    (on: boolean) => changeUser(mia, "ada", { enabled: on }),
  ];
  for (let round = 0; round < 12; round++) {
    const flip = switches[round % switches.length];
    const [claimed, before] = await Promise.all([
      claimJob(new Date()),
      flip?.(false).then(() => db.job.findFirstOrThrow({ select: { status: true } })),
    ]);
    const after = await db.job.findFirstOrThrow({ select: { status: true } });
    // Either it was running when the change was answered, or it is cancelled.
    if (claimed === "skipped") expect(after.status).toBe("cancelled");
    else expect(before?.status).toBe("running");
    await flip?.(true);
    await db.job.deleteMany();
    await runApp({ ip: null, agent: null }, slug, { parameters: {} });
  }
});

test("a server whose clock is behind starts no job of a session that has ended", async () => {
  await db.job.deleteMany();
  await submitRun(ada, { repository: "Rivers", name: "gauge-levels" }, { parameters: {} });
  await endSession({ ...ada, now: await databaseNow() }, ada.token.id);
  vi.useFakeTimers({ toFake: ["Date"], now: later(new Date(), -minutes(1)) });
  const jobs = await startJobs();
  try {
    await expect
      .poll(() => db.job.findFirstOrThrow({ select: { status: true, reason: true } }), { timeout: 30_000 })
      .toEqual({ status: "cancelled", reason: "The session that submitted this job ended." });
  } finally {
    vi.useRealTimers();
    await jobs.stop();
    await installQueue();
  }
});

// The last case removes the repository that the others need.
test.each([
  ["workspace", () => removeWorkspace(ada, { repository: "Rivers", name: "passing" })],
  ["repository", () => removeRepository(ada, "Rivers")],
])("removing a %s locks its app before any job", async (_, remove) => {
  const gauges = await db.workspace.findFirstOrThrow({
    where: { name: "gauge-levels" },
    omit: { id: true, sortName: true },
  });
  const parameters = gauges.parameters ?? [];
  const { id: workspaceId } = await db.workspace.create({ data: { ...gauges, parameters, name: "passing" } });
  const { id } = await db.app.update({ where: { slug }, data: { workspaceId } });
  await db.job.updateMany({ data: { workspaceId } });
  await blockedBy([["SELECT FROM apps WHERE id = $1 FOR SHARE", id]], remove, [
    ["SELECT FROM jobs WHERE app_id = $1 FOR UPDATE NOWAIT", id],
  ]);
  expect(await db.app.findUniqueOrThrow({ where: { id } })).toMatchObject({ workspaceId: null });
  expect(await db.job.findFirstOrThrow()).toMatchObject({ appId: id, workspaceId: null });
});
