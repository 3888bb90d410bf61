import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorOf, introduceCast, type PersonName } from "@/testing/cast";
import { db } from "../db";
import { unauthenticated } from "../errors";
import type { Actor } from "../permissions/actor";
import { followJob, type JobNews } from "./follow";
import { jobFields, jobViewOf } from "./queries";

const start = new Date("2026-03-10T12:00:00Z");

let ids: Record<PersonName, string>;
let ada: Actor;
let jobId: number;

beforeAll(async () => {
  ids = await introduceCast(start);
  ada = await actorOf("ada", start);
});
beforeEach(async () => {
  await db.job.deleteMany();
  const { id } = await db.job.create({
    data: {
      ownerId: ids.ada,
      repositoryName: "Rivers",
      workspaceName: "gauge-levels",
      tokenId: ada.token.id,
      tokenName: "session",
      tokenKind: "session",
      status: "running",
      parameters: {},
      output: "json",
      submittedAt: start,
      startedAt: start,
    },
    select: { id: true },
  });
  jobId = id;
});

const write = (...seqs: number[]) =>
  db.jobLogLine.createMany({
    data: seqs.map((seq) => ({ jobId, seq, at: start, level: "info", text: `line ${seq}` })),
  });
const finish = () => db.job.update({ where: { id: jobId }, data: { status: "succeeded", finishedAt: start } });

function follow(options: { after?: number; timeoutMs?: number; actorNow?: () => Promise<Actor> } = {}) {
  const abort = new AbortController();
  const { actorNow = async () => ada, after = 0, timeoutMs = 60_000 } = options;
  const news = followJob(actorNow, jobId, { after, timeoutMs, signal: abort.signal });
  return { news, abort };
}

const wordOf = (news: JobNews) => ("job" in news ? news.job.status : `${news.number} ${news.line.text}`);

async function all(news: AsyncIterable<JobNews>): Promise<string[]> {
  const words: string[] = [];
  for await (const each of news) words.push(wordOf(each));
  return words;
}

describe("following a job", () => {
  test("gives its lines and its status as they come, and the last lines before the end", async () => {
    await write(10_000);
    const { news } = follow();
    const next = async () => wordOf((await news.next()).value as JobNews);
    expect([await next(), await next()]).toEqual(["10000 line 10000", "running"]);
    await write(10_001, 10_002);
    expect([await next(), await next()]).toEqual(["10001 line 10001", "10002 line 10002"]);
    await write(10_003);
    await finish();
    expect([await next(), await next()]).toEqual(["10003 line 10003", "succeeded"]);
    expect(await news.next()).toMatchObject({ done: true });
  });

  test("gives the view of the job that the API gives", async () => {
    await finish();
    const { news } = follow();
    const row = await db.job.findUniqueOrThrow({ where: { id: jobId }, select: jobFields });
    expect((await news.next()).value).toEqual({ job: jobViewOf(ada, row) });
  });

  test("continues after a line", async () => {
    await write(10_000, 10_001);
    await finish();
    expect(await all(follow({ after: 10_000 }).news)).toEqual(["10001 line 10001", "succeeded"]);
  });

  test("ends after its time, and when the client is gone", async () => {
    expect(await all(follow({ timeoutMs: 50 }).news)).toEqual(["running"]);
    const { news, abort } = follow();
    await news.next();
    const waiting = news.next();
    abort.abort();
    expect(await waiting).toMatchObject({ done: true });
  });

  test("ends with the refusal of a token that was revoked meanwhile, and of a job that is gone", async () => {
    let isRevoked = false;
    const actorNow = async () => {
      if (isRevoked) throw unauthenticated("invalid");
      return ada;
    };
    const { news } = follow({ actorNow });
    await news.next();
    isRevoked = true;
    await write(10_000);
    await expect(news.next()).rejects.toMatchObject({ code: "unauthenticated" });
    const { news: other } = follow();
    await other.next();
    await db.job.delete({ where: { id: jobId } });
    await expect(all(other)).rejects.toMatchObject({ code: "not-found" });
  });
});
