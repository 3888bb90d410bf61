import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorOf, introduceCast, type PersonName } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { db } from "../db";
import type { Actor } from "../permissions/actor";
import { countJobs } from "./counts";
import { listJobs } from "./queries";
import { jobFilter, jobSelection, jobStatuses } from "./schema";

const start = new Date("2026-03-10T12:00:00Z");

let ids: Record<PersonName, string>;
let who: Record<"ada" | "olu" | "root", Actor>;

beforeAll(async () => {
  ids = await introduceCast(start);
  who = {
    ada: await actorOf("ada", start),
    olu: await actorOf("olu", start),
    root: await actorOf("root", start),
  };
});
beforeEach(() => db.job.deleteMany());

/** Inserts finished, waiting or running jobs of Ada. */
async function insertJobs(count: number, fields: object = {}): Promise<void> {
  const job = {
    ownerId: ids.ada,
    repositoryName: "Rivers",
    workspaceName: "gauge-levels",
    tokenId: who.ada.token.id,
    tokenName: "session",
    tokenKind: "session" as const,
    status: "succeeded" as const,
    parameters: {},
    output: "json",
    submittedAt: start,
    ...fields,
  };
  await db.job.createMany({ data: Array.from({ length: count }, () => job) });
}

const count = (actor: Actor, selection: object = {}) => countJobs(actor, jobSelection.parse(selection));
const total = async (actor: Actor, selection: object = {}) =>
  Object.values((await count(actor, selection)).statuses).reduce((sum, each) => sum + each, 0);
const listed = async (actor: Actor, filter: object = {}) =>
  (await listJobs(actor, { ...jobFilter.parse(filter), limit: 100 })).items.length;

describe("the counts of jobs", () => {
  test("are by status, of all time, and by day of 30 days that end today", async () => {
    await insertJobs(3);
    await insertJobs(2, { status: "failed" });
    await insertJobs(1, { status: "running" });
    await insertJobs(4, { submittedAt: new Date("2026-03-09T23:59:59Z"), status: "cancelled" });
    await insertJobs(5, { submittedAt: new Date("2026-02-09T00:00:00Z") });
    await insertJobs(6, { submittedAt: new Date("2026-02-08T23:59:59Z") });
    const { statuses, days } = await count(who.ada);
    expect(statuses).toEqual({ queued: 0, running: 1, succeeded: 14, failed: 2, cancelled: 4 });
    expect(days).toHaveLength(30);
    expect(days.filter(({ succeeded, failed, cancelled }) => succeeded + failed + cancelled > 0)).toEqual([
      { day: "2026-02-09", succeeded: 5, failed: 0, cancelled: 0 },
      { day: "2026-03-09", succeeded: 0, failed: 0, cancelled: 4 },
      { day: "2026-03-10", succeeded: 3, failed: 2, cancelled: 0 },
    ]);
    const earlier = await count(who.ada, { to: "2026-03-10T00:00:00Z" });
    expect(earlier.days.at(-1)).toEqual({ day: "2026-03-09", succeeded: 0, failed: 0, cancelled: 4 });
    expect(earlier.days[0]).toMatchObject({ day: "2026-02-08", succeeded: 6 });
  });

  test("are of the jobs that the list shows, whoever asks", async () => {
    await insertJobs(3);
    await insertJobs(2, { ownerId: ids.olu });
    const { token } = await makeToken(who.ada, { permissions: ["workspace/Rivers/gauge-levels:run"] });
    const narrow = {
      ...who.ada,
      token: { id: token.id, kind: "api" as const, name: token.name },
      given: new Set(token.permissions),
    } as Actor;
    await insertJobs(1, { tokenId: token.id });
    for (const [actor, expected] of [
      [who.ada, 4],
      [who.olu, 2],
      [narrow, 1],
      [who.root, 6],
    ] as const) {
      expect([await total(actor), await listed(actor)]).toEqual([expected, expected]);
    }
  });

  test.each([
    [{ q: "GAUGE" }, 3],
    [{ q: "lake" }, 2],
    [{ q: "%" }, 0],
    [{ q: "Public" }, 1],
    [{ repository: "Lakes" }, 2],
    [{ workspace: "gauge-levels" }, 3],
    [{ submittedBy: "OLU" }, 2],
    [{ submittedBy: "nobody" }, 0],
    [{ from: "2026-03-10T12:00:00Z" }, 4],
    [{ to: "2026-03-10T12:00:00Z" }, 1],
    [{ from: "2026-03-01T00:00:00Z", to: "2026-03-10T12:00:00Z", q: "public" }, 1],
  ])("and the list follow %j", async (selection, expected) => {
    await insertJobs(2);
    await insertJobs(2, { ownerId: ids.olu, repositoryName: "Lakes", workspaceName: "depths" });
    await insertJobs(1, { appName: "Public gauges", submittedAt: new Date("2026-03-09T00:00:00Z") });
    expect([await total(who.root, selection), await listed(who.root, selection)]).toEqual([expected, expected]);
  });

  test("are found by the number of a job", async () => {
    await insertJobs(3);
    const { id } = await db.job.findFirstOrThrow({ orderBy: { id: "asc" }, select: { id: true } });
    const { items } = await listJobs(who.ada, { q: String(id), limit: 9 });
    expect(items.map((job) => job.id)).toEqual([id]);
    expect(await total(who.olu, { q: String(id) })).toBe(0);
  });

  test("of each status are what the list shows with that status", async () => {
    for (const [index, status] of jobStatuses.entries()) await insertJobs(index + 1, { status });
    const { statuses } = await count(who.ada);
    for (const status of jobStatuses) expect(statuses[status]).toBe(await listed(who.ada, { status }));
  });
});
