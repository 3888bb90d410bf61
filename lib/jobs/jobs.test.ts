import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db";
import { parseJson } from "@/lib/http/json";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository } from "@/lib/repositories/commands";
import { bulkChange } from "@/lib/tokens/bulk";
import { editToken, removeToken } from "@/lib/tokens/commands";
import { changeUser } from "@/lib/users/commands";
import { verify } from "@/lib/verification/verify";
import { publishWorkspace, removeWorkspace } from "@/lib/workspaces/commands";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeDataFolder } from "@/testing/data-folder";
import { makeToken } from "@/testing/tokens";
import { cancelJob, submitRun } from "./commands";
import { countUnfinishedJobs, getJob, getLog, getResult, listJobs } from "./queries";
import { closeQueue, installQueue } from "./queue";
import { type JobView, newRun } from "./schema";
import { claimJob, recoverJobs } from "./transitions";
import { waitForJob } from "./wait";
import { startJobs } from "./worker";

// Runs and checks start processes, which are slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const gauges = { repository: "Rivers", name: "gauge-levels" };
const gaugesRun = "workspace/Rivers/gauge-levels:run";
const never = new AbortController().signal;

let folder: string;
let root: Actor;
let ada: Actor;
let olu: Actor;
let eve: Actor;

beforeAll(async () => {
  folder = await makeDataFolder();
  process.env.TESSERA_DATA_DIR = folder;
  const now = new Date();
  await introduceCast(now);
  root = await actorOf("root", now);
  await createRepository(await actorOf("ada", now), { name: "Trials", description: "" });
  ada = await actorOf("ada", now);
  olu = await actorOf("olu", now);
  eve = await actorOf("eve", now);
  await publish("forever", "SELECT count(*) AS n FROM range(1e13::BIGINT)");
  await publish("broken", "SELECT nothing FROM 'absent.csv'");
});

afterAll(() => rm(folder, { recursive: true }));

/** Publishes a workspace of Ada's in the repository Trials. */
function publish(name: string, query: string, header = "output: json") {
  const source = `/*---\ntitle: ${name}\n${header}\n---*/\n${query}\n`;
  return publishWorkspace(ada, { repository: "Trials", name }, source);
}

/** The actor of an API token of this user that has only these permissions. */
async function withToken(who: Actor, permissions: string[]): Promise<Actor> {
  const { value } = await makeToken(who, { permissions });
  return verify(value, { now: new Date(), ip: null, agent: null });
}

const finish = async (who: Actor, job: JobView) =>
  (await waitForJob(who, job, { timeoutMs: 50_000, signal: never })).job;

async function textOf(who: Actor, { id }: JobView): Promise<string> {
  const { bytes, read } = await getResult(who, id);
  const parts: Uint8Array[] = [];
  for await (const chunk of read()) parts.push(chunk);
  const whole = Buffer.concat(parts);
  expect(whole.length).toBe(bytes);
  return whole.toString();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 800) throw new Error("The condition was not met in time.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const isRunning = (job: JobView) => async () => (await getJob(root, job.id)).status === "running";

describe("with a server that runs jobs", () => {
  let jobs: Awaited<ReturnType<typeof startJobs>>;
  beforeAll(async () => {
    jobs = await startJobs();
  });
  afterAll(() => jobs.stop());

  test("a run has a result, its counts and a log", async () => {
    const job = await finish(olu, await submitRun(olu, gauges, { parameters: { LEVEL: 100 } }));
    expect(job).toMatchObject({
      status: "succeeded",
      reason: null,
      parameters: { LEVEL: 100 },
      submittedBy: { user: "olu", token: { kind: "session" } },
      result: { rows: 2, mediaType: expect.any(String) },
      can: { cancel: false },
    });
    expect(await textOf(olu, job)).toContain("Wed");
    expect((await getLog(olu, job.id)).map(({ level }) => level)).toEqual(["info", "info"]);
  });

  test("integers keep 64 bits from a request to the result, and texts their spelling", async () => {
    const header =
      "output: json\nparameters: [{ name: N, type: integer, default: 9007199254740995 }, { name: Z, type: text, default: 02134 }]";
    await publish("digits", "SELECT $N AS n, $N - 1 AS before, $Z AS z; -- done;", header);
    const runWith = async (body: string) => {
      const job = await submitRun(ada, { repository: "Trials", name: "digits" }, newRun.parse(parseJson(body)));
      await finish(ada, job);
      return { parameters: job.parameters, text: await textOf(ada, job) };
    };
    expect(await runWith('{"parameters": {"N": 9223372036854775807, "Z": 12345678901234567890}}')).toEqual({
      parameters: { N: "9223372036854775807", Z: "12345678901234567890" },
      text: '[\n{"n":9223372036854775807,"before":9223372036854775806,"z":"12345678901234567890"}\n]\n',
    });
    expect((await runWith("{}")).text).toContain('{"n":9007199254740995,"before":9007199254740994,"z":"02134"}');
  });

  test("a result of several chunks is read back complete", async () => {
    await publish("long", "SELECT range AS n, repeat('x', 100) AS x FROM range(30000)", "output: csv");
    const job = await finish(ada, await submitRun(ada, { repository: "Trials", name: "long" }, { parameters: {} }));
    const lines = (await textOf(ada, job)).trimEnd().split("\n");
    expect(lines).toHaveLength(30_001);
    expect(lines.at(-1)).toBe(`29999,${"x".repeat(100)}`);
  });

  test("a query that fails gives the job a reason, which is also in its log", async () => {
    const job = await finish(ada, await submitRun(ada, { repository: "Trials", name: "broken" }, { parameters: {} }));
    expect(job).toMatchObject({ status: "failed", reason: expect.stringContaining("absent.csv"), result: null });
    await expect(getResult(ada, job.id)).rejects.toMatchObject({ code: "failed", message: job.reason });
    expect((await getLog(ada, job.id)).at(-1)).toMatchObject({ level: "error", text: job.reason });
  });

  test("cancelling takes effect at once, stops the engine, and is refused a second time", async () => {
    const job = await submitRun(ada, { repository: "Trials", name: "forever" }, { parameters: {} });
    await until(isRunning(job));
    await expect(getResult(ada, job.id)).rejects.toMatchObject({ code: "conflict" });
    expect(await cancelJob(ada, job.id)).toMatchObject({ status: "cancelled", reason: "Cancelled by ada." });
    await until(async () => (await readdir(join(folder, "jobs", String(process.pid)))).length === 0);
    expect(await getJob(ada, job.id)).toMatchObject({ status: "cancelled", can: { cancel: false } });
    await expect(cancelJob(ada, job.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(getResult(ada, job.id)).rejects.toMatchObject({ code: "failed", message: "Cancelled by ada." });
  });

  test("a token that may only run a workspace reads the jobs that it submitted, and no others", async () => {
    const token = await withToken(olu, [gaugesRun]);
    const job = await finish(token, await submitRun(token, gauges, { parameters: {} }));
    expect(await textOf(token, job)).not.toBe("");
    expect((await listJobs(token, { limit: 100 })).items.map(({ id }) => id)).toEqual([job.id]);
    expect(await getJob(olu, job.id)).toEqual(job);

    const mine = await submitRun(olu, gauges, { parameters: {} });
    await expect(getJob(token, mine.id)).rejects.toMatchObject({ code: "not-found" });
    await expect(submitRun(token, { ...gauges, name: "flood-warnings" }, { parameters: {} })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("a run continues when its client disconnects", async () => {
    const client = new AbortController();
    const submitted = await submitRun(olu, gauges, { parameters: {} });
    client.abort();
    await waitForJob(olu, submitted, { timeoutMs: 60_000, signal: client.signal });
    expect(await finish(olu, submitted)).toMatchObject({ status: "succeeded" });
  });

  test("two servers share the jobs and run each once", async () => {
    const other = await startJobs();
    const submitted = await Promise.all(Array.from({ length: 8 }, () => submitRun(olu, gauges, { parameters: {} })));
    const done = await Promise.all(submitted.map((job) => finish(olu, job)));
    await other.stop();
    expect(new Set(done.map(({ status }) => status))).toEqual(new Set(["succeeded"]));
    const ids = submitted.map(({ id }) => id);
    const attempts = await db.job.findMany({ where: { id: { in: ids } }, select: { attempts: true } });
    expect(attempts.map((row) => row.attempts)).toEqual(Array(8).fill(1));
  });
});

describe("with no server that runs jobs yet", () => {
  let token: Actor;
  let job: JobView;

  beforeAll(installQueue);
  afterAll(closeQueue);
  beforeEach(async () => {
    token = await withToken(olu, [gaugesRun]);
    job = await submitRun(token, gauges, { parameters: {} });
  });
  afterEach(async () => {
    while ((await claimJob(new Date())) !== null);
    await db.job.deleteMany({ where: { status: { in: ["queued", "running"] } } });
  });

  const expectCancelled = async (reason: string) => {
    expect(await claimJob(new Date())).toBe("skipped");
    expect(await claimJob(new Date())).toBeNull();
    const owner = job.submittedBy.user === "ada" ? ada : olu;
    expect(await getJob(owner, job.id)).toMatchObject({ status: "cancelled", reason });
    expect((await getJob(root, job.id)).reason).not.toMatch(/token|session/);
  };

  test("a job is cancelled when its token was disabled", async () => {
    await bulkChange(olu, { change: "disable", ids: [token.token.id] });
    await expectCancelled("The token that submitted this job was disabled.");
  });

  test("a job is cancelled when its token was removed", async () => {
    await removeToken(olu, token.token.id);
    await expectCancelled("The token that submitted this job was removed.");
    const [mine] = (await listJobs(olu, { limit: 1 })).items;
    expect(mine).toMatchObject({ id: job.id, submittedBy: { token: { kind: "api", name: token.token.name } } });
  });

  test("a job is cancelled when its token expired", async () => {
    await db.token.update({ where: { id: token.token.id }, data: { expiresAt: new Date() } });
    await expectCancelled("The token that submitted this job expired.");
  });

  test("a job is cancelled when its token lost the permission", async () => {
    await editToken(olu, token.token.id, { permissions: ["repository/Samples:run"] });
    await expectCancelled(`The token that submitted this job lost the permission ${gaugesRun}.`);
  });

  test("a job is cancelled when its owner was disabled", async () => {
    await changeUser(root, "olu", { enabled: false });
    await expectCancelled("The account that submitted this job is disabled.");
    await changeUser(root, "olu", { enabled: true });
  });

  test("a job is cancelled when its session was removed", async () => {
    await claimJob(new Date());
    const session = await actorOf("ada", new Date());
    job = await submitRun(session, gauges, { parameters: {} });
    await bulkChange(ada, { change: "remove", ids: [session.token.id] });
    await expectCancelled("The session that submitted this job was removed.");
  });

  test("a cancelled job never starts", async () => {
    await cancelJob(token, job.id);
    expect(await claimJob(new Date())).toBeNull();
    expect(await getJob(token, job.id)).toMatchObject({ status: "cancelled", startedAt: null });
  });

  test("a job whose server died is started once more, and then fails with a reason", async () => {
    const loseServer = async () => {
      expect(await claimJob(new Date())).toMatchObject({ id: job.id });
      await db.$executeRaw`UPDATE jobs SET heartbeat_at = now() - interval '11 seconds' WHERE id = ${job.id}`;
      await recoverJobs(10, new Date());
    };
    await loseServer();
    expect(await getJob(token, job.id)).toMatchObject({ status: "queued", startedAt: null });
    await loseServer();
    expect(await getJob(token, job.id)).toMatchObject({ status: "failed", reason: expect.stringMatching(/stopped/) });
  });

  test("queued and running jobs are counted separately", async () => {
    expect(await countUnfinishedJobs()).toEqual({ queued: 1, running: 0 });
    await claimJob(new Date());
    expect(await countUnfinishedJobs()).toEqual({ queued: 0, running: 1 });
    for (let run = 0; run < 2; run++) await submitRun(token, gauges, { parameters: {} });
    expect(await countUnfinishedJobs()).toEqual({ queued: 2, running: 1 });
  });

  test("a job with a recent heartbeat is not recovered", async () => {
    await claimJob(new Date());
    await recoverJobs(10, new Date());
    expect(await getJob(token, job.id)).toMatchObject({ status: "running" });
  });

  test("a server that starts runs the jobs of one that died", async () => {
    await claimJob(new Date());
    await db.$executeRaw`UPDATE jobs SET heartbeat_at = now() - interval '1 hour' WHERE id = ${job.id}`;
    const jobs = await startJobs();
    expect(await finish(token, job)).toMatchObject({ status: "succeeded" });
    await jobs.stop();
    await installQueue();
  });

  test("a job that lost its queue entry is queued again", async () => {
    await db.$executeRaw`DELETE FROM pgboss.job`;
    await db.$executeRaw`UPDATE jobs SET submitted_at = now() - interval '2 minutes' WHERE id = ${job.id}`;
    expect(await claimJob(new Date())).toBeNull();
    await recoverJobs(10, new Date());
    expect(await claimJob(new Date())).toMatchObject({ id: job.id });
  });

  test("a job fails when its workspace was removed", async () => {
    await publish("short-lived", "SELECT 1 AS one");
    const orphan = await submitRun(ada, { repository: "Trials", name: "short-lived" }, { parameters: {} });
    await removeWorkspace(ada, { repository: "Trials", name: "short-lived" });
    const jobs = await startJobs();
    expect(await finish(ada, orphan)).toMatchObject({
      status: "failed",
      reason: "The workspace was removed before this job started.",
      workspace: "short-lived",
    });
    await jobs.stop();
    await installQueue();
  });

  test("other users do not see the job, and an administrator does not see its token", async () => {
    for (const look of [getJob, getResult, getLog, cancelJob]) {
      await expect(look(eve, job.id)).rejects.toMatchObject({ code: "not-found" });
    }
    expect((await listJobs(eve, { limit: 100 })).items).toEqual([]);
    expect(await getJob(root, job.id)).toMatchObject({ submittedBy: { user: "olu", token: null } });
    expect(await cancelJob(root, job.id)).toMatchObject({ reason: "Cancelled by root." });
  });

  test("wrong parameters create no job", async () => {
    const before = await db.job.count();
    await expect(submitRun(token, gauges, { parameters: { LEVEL: "high" } })).rejects.toMatchObject({
      code: "invalid",
      field: "parameters.LEVEL",
    });
    expect(await db.job.count()).toBe(before);
  });

  test("the list has pages, newest first, and can be filtered", async () => {
    const other = await submitRun(token, gauges, { parameters: {} });
    const first = await listJobs(token, { limit: 1 });
    expect(first.items.map(({ id }) => id)).toEqual([other.id]);
    const second = await listJobs(token, { limit: 1, cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ items: [{ id: job.id }], nextCursor: null });
    expect((await listJobs(token, { limit: 9, status: "failed" })).items).toEqual([]);
    expect((await listJobs(token, { limit: 9, workspace: "gauge-levels" })).items).toHaveLength(2);
  });
});
