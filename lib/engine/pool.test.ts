import { once } from "node:events";
import { readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { afterEach, expect, onTestFinished, test } from "vitest";
import type { SystemAccount } from "@/lib/system-account";
import { endlessQuery, queryOrders } from "@/testing/query-orders";
import { engineAccount } from "./account";
import { EnginePool } from "./pool";
import type { EngineProcess, JobOutcome, Supervision } from "./process";

const { messageOf } = queryOrders();

let pool: EnginePool;
afterEach(() => pool.stop());

function makePool(
  more: Partial<ConstructorParameters<typeof EnginePool>[1]> = {},
  account: SystemAccount | null = null,
) {
  pool = new EnginePool(account, { rest: 2, surplus: 2, ...more });
  return pool;
}

async function startPool(more: Parameters<typeof makePool>[0] = {}): Promise<void> {
  const { rest = 2 } = more;
  makePool(more).start();
  await expect.poll(() => states(), { timeout: 30_000 }).toEqual(Array(rest).fill("ready"));
}

const states = () => pool.members.map(({ state }) => state);
const pidsOf = (repository: string | null) =>
  pool.members.filter((member) => member.repository === repository).map(({ pid }) => pid);

function memberOf(repository: string): EngineProcess {
  const found = pool.members.find((member) => member.repository === repository);
  if (!found) throw new Error(`No process of ${repository}.`);
  return found;
}

const run = (repository: string, sql = "SELECT 1 AS a", seconds = 60, supervision: Supervision = {}) =>
  pool.run(repository, messageOf(sql), seconds, supervision);

const oneRow = expect.objectContaining({ rows: 1 });

/** Starts a query that never ends, and returns once it runs, with its process. */
async function runEndless(repository: string, signal?: AbortSignal) {
  let outcome: Promise<JobOutcome> = Promise.resolve("died");
  await new Promise<string>((onLog) => {
    outcome = run(repository, endlessQuery, 60, { onLog, signal });
  });
  return { outcome: () => outcome, member: memberOf(repository) };
}

/** Whether the system still has a process. */
function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("processes are ready ahead of jobs, and jobs of one repository share one", async () => {
  await startPool();
  const ahead = pidsOf(null);
  for (const jobs of [1, 2, 3]) {
    expect(await run("a")).toEqual(oneRow);
    expect(memberOf("a").jobs).toBe(jobs);
  }
  expect(ahead).toContain(memberOf("a").pid);
  expect(await run("b")).toEqual(oneRow);
  expect(ahead).toContain(memberOf("b").pid);
  await expect.poll(() => pidsOf(null), { timeout: 30_000 }).toHaveLength(1);
});

test("a process never runs jobs of two repositories", async () => {
  makePool();
  const owners = new Map<number | undefined, string>();
  for (const repository of ["a", "b", "a", "c", "b", "b", "a", "d", "c", "a"]) {
    const before = new Map(pool.members.map((member) => [member, member.jobs]));
    expect(await run(repository)).toEqual(oneRow);
    const used = pool.members.filter((member) => member.jobs !== (before.get(member) ?? 0));
    expect(used).toHaveLength(1);
    const pid = used[0]?.pid;
    expect(owners.get(pid) ?? repository).toBe(repository);
    owners.set(pid, repository);
    await expect.poll(() => new Set(states())).toEqual(new Set(["ready"]));
  }
  expect(owners.size).toBeLessThan(10);
});

test("jobs at the same time have a process each", async () => {
  await startPool({ surplus: 6, surplusMs: 60_000 });
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => run("a")));
  expect(outcomes).toEqual(Array(6).fill(oneRow));
  const jobs = pool.members.filter(({ repository }) => repository === "a").map((member) => member.jobs);
  expect(jobs.reduce((sum, count) => sum + count, 0)).toBe(6);
});

test("a process ends after 100 jobs", async () => {
  await startPool();
  await run("a");
  const { pid } = memberOf("a");
  for (let job = 2; job <= 100; job++) expect(await run("a")).toEqual(oneRow);
  expect(pidsOf("a")).toEqual([pid]);
  expect(await run("a")).toEqual(oneRow);
  expect(pidsOf("a")).not.toContain(pid);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test.each([
  ["a time limit", () => run("a", endlessQuery, 1), "late"],
  ["a result that is too large", () => run("a", "FROM range(5000000)"), { refused: { code: "output" } }],
  ["a lack of memory", () => run("a", "SELECT list(range) FROM range(200000000)"), { refused: { code: "memory" } }],
])("after %s, the process is killed, and replaced before the next job", async (_, fail, expected) => {
  await startPool();
  await run("a");
  const { pid } = memberOf("a");
  const outcome = await fail();
  if (typeof expected === "string") expect(outcome).toBe(expected);
  else expect(outcome).toMatchObject(expected);
  await expect.poll(() => isAlive(pid)).toBe(false);
  await expect.poll(() => states(), { timeout: 30_000 }).toEqual(["ready", "ready"]);
  expect(pidsOf(null)).toHaveLength(2);
  expect(await run("a")).toEqual(oneRow);
});

test("a process that keeps more memory of a job than it may is replaced", async () => {
  await startPool({ keptMbMax: -1_000 });
  const [pid] = pidsOf(null);
  expect(await run("a")).toEqual(oneRow);
  await expect.poll(() => isAlive(pid)).toBe(false);
  await expect.poll(() => pidsOf(null), { timeout: 30_000 }).toHaveLength(2);
});

test("a query that is refused leaves the process to the next one", async () => {
  await startPool();
  await run("a");
  const { pid } = memberOf("a");
  for (const sql of ["SELECT", "FROM 'absent.csv'", "SELECT error('no')", "SELECT 'x'::INT AS a", "DROP TABLE t"]) {
    expect(await run("a", sql)).toMatchObject({ refused: { code: "sql" } });
  }
  expect(await run("a")).toEqual(oneRow);
  expect(pidsOf("a")).toEqual([pid]);
});

test("a cancelled job's process is killed", async () => {
  await startPool();
  const stop = new AbortController();
  await run("a");
  const { outcome, member } = await runEndless("a", stop.signal);
  expect(member.jobs).toBe(2);
  stop.abort();
  expect(await outcome()).toBe("stopped");
  await expect.poll(() => isAlive(member.pid)).toBe(false);
  await expect.poll(() => states(), { timeout: 30_000 }).toEqual(["ready", "ready"]);
});

test("a reused process that is killed in the middle of a job fails that job only", async () => {
  await startPool();
  await run("a");
  const { outcome, member } = await runEndless("a");
  expect(member.jobs).toBe(2);
  process.kill(member.pid ?? 0, "SIGKILL");
  expect(await outcome()).toBe("died");
  expect(await run("a")).toEqual(oneRow);
  expect(memberOf("a").pid).not.toBe(member.pid);
});

test("a job whose process was killed while it waited gets another", async () => {
  await startPool();
  await run("a");
  await expect.poll(() => memberOf("a").state).toBe("ready");
  for (const { pid = 0 } of pool.members) process.kill(pid, "SIGKILL");
  // No event was handled in between, so that the pool does not know yet.
  expect(await run("a")).toEqual(oneRow);
});

test("processes that end without a job are replaced, each later than the one before", async () => {
  await startPool({ rest: 1, pauseMs: 100 });
  const began = performance.now();
  for (let crash = 0; crash < 4; crash++) {
    const [member] = pool.members;
    process.kill(member?.pid ?? 0, "SIGKILL");
    await expect.poll(() => pool.members.includes(member as EngineProcess)).toBe(false);
    expect(pool.members).toEqual([]);
    await expect.poll(() => states(), { timeout: 30_000 }).toEqual(["ready"]);
  }
  expect(performance.now() - began).toBeGreaterThan(100 + 200 + 400 + 800);
  expect(await run("a")).toEqual(oneRow);
});

test.each([
  ["cannot be found", "/absent"],
  ["cannot be named", "\0"],
])("a program that %s is tried again later, and jobs fail until then", async (_, execPath) => {
  const real = process.execPath;
  onTestFinished(() => {
    process.execPath = real;
  });
  process.execPath = execPath;
  makePool({ rest: 1, pauseMs: 50 }).start();
  const outcome = await run("a").catch((error) => error);
  expect(outcome === "died" || outcome instanceof Error).toBe(true);
  await expect.poll(() => states()).toEqual([]);
  process.execPath = real;
  await expect.poll(() => states(), { timeout: 30_000 }).toEqual(["ready"]);
  expect(await run("a")).toEqual(oneRow);
});

test("after a time without jobs, one process is left, which has run none", async () => {
  makePool({ rest: 3, idleMs: 1_000 }).start();
  await run("a");
  const left = () => pool.members.map(({ repository, state }) => [repository, state]);
  await expect.poll(left, { timeout: 30_000 }).toEqual([[null, "ready"]]);
  const [pid] = pidsOf(null);
  expect(await run("b")).toEqual(oneRow);
  expect(pidsOf("b")).toEqual([pid]);
  await expect.poll(() => pool.members.length, { timeout: 30_000 }).toBeGreaterThan(1);
});

test("more than are ready at rest are kept for a while only", async () => {
  await startPool({ rest: 1, surplus: 2, surplusMs: 1_000 });
  for (const repository of ["a", "b", "c", "d", "e"]) await run(repository);
  await expect.poll(() => memberOf("e").state).toBe("ready");
  expect(pool.members.length).toBeLessThanOrEqual(3);
  await expect.poll(() => pool.members.length, { timeout: 30_000 }).toBe(1);
  expect(pidsOf("e")).toHaveLength(1);
});

test("without processes at rest, each job gets one that ends soon", async () => {
  makePool({ rest: 0, surplusMs: 0 }).start();
  expect(pool.members).toEqual([]);
  expect(await run("a")).toEqual(oneRow);
  await expect.poll(() => pool.members).toEqual([]);
});

test("a pool that stops ends its processes, and those with a job after it", async () => {
  await startPool({ rest: 3 });
  await run("a");
  const stop = new AbortController();
  const { outcome, member } = await runEndless("a", stop.signal);
  const pids = pool.members.map(({ pid }) => pid);
  pool.stop();
  await expect.poll(() => pids.filter(isAlive)).toEqual([member.pid]);
  const changed = once(member, "change");
  stop.abort();
  expect(await outcome()).toBe("stopped");
  await changed;
  expect(pool.members).toEqual([]);
  expect(await run("a")).toEqual(oneRow);
  await expect.poll(() => pool.members).toEqual([]);
});

test.runIf(process.platform === "linux")("a process that waits costs at most 110 MB, after jobs too", async () => {
  await startPool();
  for (let job = 0; job < 20; job++) await run("a", "SELECT range AS a, repeat('x', 20) AS b FROM range(20000)");
  await expect.poll(() => states()).toEqual(["ready", "ready"]);
  for (const { pid } of pool.members) {
    const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
    expect(Number(kilobytes) / 1024).toBeLessThan(110);
  }
});

test.runIf(process.platform === "linux")(
  "a process has its account before its first job, and a low priority in it",
  async () => {
    const account = await engineAccount();
    makePool({ rest: 1 }, account).start();
    await expect.poll(() => states(), { timeout: 30_000 }).toEqual(["ready"]);
    const [pid] = pidsOf(null);
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const uid = account?.uid ?? process.getuid?.();
    expect(/^Uid:\s+(.*)$/m.exec(status)?.[1]?.split("\t")).toEqual(Array(4).fill(String(uid)));
    if (account) expect(/^Groups:[ \t]*(.*?)[ \t]*$/m.exec(status)?.[1]).toBe("");
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8").trim()).toBe("1000");
    await pool.run("a", messageOf("SELECT", { folder: "/" }), 60);
    expect(getPriority(pid)).toBeGreaterThanOrEqual(5);
  },
);
