import { hash } from "node:crypto";
import { Client } from "pg";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { days, later } from "@/lib/clock";
import { db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { writeManyTokens } from "@/testing/many-tokens";
import { morning } from "@/testing/tokens";
import { countTokens, listTokens } from "./queries";
import { countedTokensMax, type TokenFilter, tokenFilter, tokenSort } from "./schema";

/** Ada has 25,000 tokens. The tests look at query plans, since times depend on the machine. */
let ada: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  ada = { ...(await actorOf("ada", morning)), now: later(morning, days(2)) };
  const olu = await actorOf("olu", morning);
  await writeManyTokens(ada.userId, 25_000, morning, { halfExpired: true });
  await writeManyTokens(olu.userId, 5_000, morning, { halfExpired: true });
  await pool().query("VACUUM ANALYZE tokens");
});

interface Plan {
  "Node Type": string;
  "Index Name"?: string;
  "Relation Name"?: string;
  "Subplan Name"?: string;
  Plans?: Plan[];
}

const stepsOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];

/** The plan of the query of tokens that the work makes. */
async function planOf(work: () => Promise<unknown>): Promise<Plan[]> {
  const spy = vi.spyOn(Client.prototype, "query");
  await work();
  const queries = spy.mock.calls.map(([query]) => query as unknown as { text: string; values: unknown[] });
  spy.mockRestore();
  const first = queries.find(({ text }) => /FROM tokens t/.test(text));
  if (!first) throw new Error("The work queried no tokens.");
  const { rows } = await pool().query(`EXPLAIN (FORMAT JSON) ${first.text}`, first.values);
  return stepsOf(rows[0]["QUERY PLAN"][0].Plan);
}

/** The steps that find the ids of a page. The others read its rows by their ids. */
async function candidatesOf(work: () => Promise<unknown>): Promise<Plan[]> {
  const plan = await planOf(work);
  const ofTokens = plan.filter((step) => step["Relation Name"] === "tokens");
  expect(kindsOf(ofTokens)).not.toContain("Seq Scan");
  const found = plan.filter((step) => step["Subplan Name"]?.startsWith("InitPlan")).flatMap(stepsOf);
  return found.filter((step) => !["Append", "Subquery Scan"].includes(step["Node Type"]));
}

const kindsOf = (plan: Plan[]) => plan.map((step) => step["Node Type"]);
const indexesOf = (plan: Plan[]) => plan.flatMap((step) => step["Index Name"] ?? []);
const page = (filter: Partial<TokenFilter>) => listTokens(ada, tokenFilter.parse({ kind: "api", ...filter }));

const indexes = {
  name: "tokens_by_name",
  createdAt: "tokens_by_creation",
  expiresAt: "tokens_by_expiration",
  lastUsed: "tokens_by_last_use",
};

describe.each(tokenSort.options)("a page in order of %s", (sort) => {
  const field = sort.replace("-", "") as keyof typeof indexes;
  const index = indexes[field];

  test.each(["active", "expired", "enabled"] as const)("is a walk along an index: %s", async (state) => {
    const first = await candidatesOf(() => page({ sort, state }));
    expect(kindsOf(first)).toEqual(["Limit", "Index Only Scan"]);
    expect(indexesOf(first)).toEqual([index]);
    const cursor = (await page({ sort, state, limit: 100 })).nextCursor ?? "";
    const next = await candidatesOf(() => page({ sort, state, cursor }));
    // Tokens that were never used are a range of their own.
    const ranges = field === "lastUsed" ? 2 : 1;
    expect(kindsOf(next)).toEqual(Array(ranges).fill(["Limit", "Index Only Scan"]).flat());
    expect(indexesOf(next)).toEqual(Array(ranges).fill(index));
  });
});

test("a page of both kinds is one index scan for each kind", async () => {
  expect(kindsOf(await candidatesOf(() => page({ kind: undefined })))).toEqual([
    ...["Limit", "Index Only Scan"],
    ...["Limit", "Index Only Scan"],
  ]);
});

test("a search uses the text index and finds the same without it", async () => {
  const search = () => page({ q: `machine ${hash("md5", "12345").slice(0, 12)}` });
  expect(indexesOf(await candidatesOf(search))).toContain("tokens_by_text");
  const found = await search();
  expect(found.items.map(({ name }) => name)).toEqual(["token 12345"]);
  await pool().query("DROP INDEX tokens_by_text");
  expect(await search()).toEqual(found);
});

test("tokens are counted by an index, up to the maximum", async () => {
  const count = () => countTokens(ada, { kind: "api", state: "active" });
  expect(await count()).toEqual({ count: countedTokensMax, isMore: true });
  const plan = await planOf(count);
  expect(kindsOf(plan)).toEqual(expect.arrayContaining(["Limit", "Index Only Scan"]));
  expect(indexesOf(plan)).toEqual([indexes.expiresAt]);
  expect(await countTokens(ada, { kind: "api", q: "token 0001" })).toEqual({ count: 10, isMore: false });
  expect(await db.token.count({ where: { ownerId: ada.userId, kind: "api" } })).toBe(25_000);
});
