import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { issueAppToken } from "@/lib/apps/issue-token";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import { share } from "@/lib/sharing/commands";
import { bulkChange } from "@/lib/tokens/bulk";
import { flushUsage } from "@/lib/verification/usage";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { createSession } from "./callers";
import { fingerprint } from "./fingerprint";
import { operations, sendTo } from "./operations";
import { type SampleRequest, validRequest } from "./sample-requests";

// No permission lets a user learn anything about the tokens of another user, not even whether there are any (design 3.1.1).

// Hundreds of requests are sent twice.
vi.setConfig({ testTimeout: 120_000 });

const revealingName = "a very telling name";
const unknownId = "0198f0d4-4a9c-7cc1-8d67-b8f7c7a6c0de";
const appSlug = "watched";
/** Root has all permissions, with a token and with a session; Mia manages accounts and all jobs; Olu manages Ada's app. */
const readers = ["root", "mia", "olu", "root, signed in"] as const;
type Reader = (typeof readers)[number];

const headersOf = {} as Record<Reader, Record<string, string>>;
/** The requests to each operation that reads, about things of Ada's. */
const requests = new Map<string, SampleRequest[]>();
/** A token and a session of Ada's. */
let token: { id: string; value: string };
let session: { id: string };

const reading = [...operations.keys()].filter((operation) => operation.startsWith("GET "));
const byTokenId = [...operations.keys()].filter((operation) => operation.includes("/tokens/[id]"));

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  await installQueue();
  const ada = await actorOf("ada", now);
  await makeApp(ada, { slug: appSlug, expiresAt: later(now, days(90)).toISOString() });
  const owner = await actorOf("ada", now);
  await share(owner, { app: appSlug }, { kind: "users", name: "olu" }, { permissions: [`app/${appSlug}:manage`] });
  for (const name of ["root", "mia", "olu"] as const) {
    const { value } = await makeToken(await actorOf(name, now), { allPermissions: true });
    headersOf[name] = { authorization: `Bearer ${value}` };
  }
  headersOf["root, signed in"] = await createSession("root", now);

  const made = await makeToken(owner);
  token = { id: made.token.id, value: made.value };
  session = await signIn("ada", now);
  for (const operation of reading) requests.set(operation, await requestsOf(operation));

  async function requestsOf(operation: string): Promise<SampleRequest[]> {
    const good = await validRequest(operation, owner);
    const names = Object.keys(good.params ?? {});
    const ids = [token.id, session.id, unknownId, revealingName, appSlug, "ada"];
    const substituted = names.flatMap((name) => ids.map((id) => ({ ...good, params: { ...good.params, [name]: id } })));
    const sought = ["q", "subject", "actor", "workspace"].map((word) => `${word}=${encodeURIComponent(revealingName)}`);
    const searched = [...sought, "type=token", "action=token.create", "limit=100"].map((query) => ({
      ...good,
      query: `?${query}`,
    }));
    return [good, ...substituted, ...searched];
  }
});
afterAll(closeQueue);

/** Creates further tokens and sessions of Ada's, uses, disables and removes some, and replaces the token of her app. */
async function changeTokens(): Promise<void> {
  const now = new Date();
  const ada = await actorOf("ada", now);
  const made = await Promise.all(
    [0, 1, 2].map((number) =>
      makeToken(ada, { name: `${revealingName} ${number} ${now.getTime()}`, allPermissions: true }),
    ),
  );
  await signIn("ada", now);
  for (const { value } of made) {
    await sendTo("GET /api/v1/workspaces", {
      headers: { authorization: `Bearer ${value}`, "user-agent": revealingName },
    });
  }
  await sendTo("GET /api/v1/token", { headers: { authorization: `Bearer ${token.value}` } });
  await flushUsage();
  const [first, second] = made.map((each) => each.token.id);
  await bulkChange(ada, { change: "disable", ids: [first ?? ""] });
  await bulkChange(ada, { change: "remove", ids: [second ?? ""] });
  const { token: former } = await db.app.findUniqueOrThrow({
    where: { slug: appSlug },
    select: { token: { select: { expiresAt: true } } },
  });
  await issueAppToken(await actorOf("ada", now), appSlug, { expiresAt: former?.expiresAt });
}

/** The whole answer, without the request's id and the last use of the reader's own token. */
async function read(operation: string, reader: Reader, request: SampleRequest): Promise<string> {
  const headers = { ...request.headers, ...headersOf[reader] };
  const response = await sendTo(operation, { ...request, headers });
  const headerLines = [...response.headers].filter(([name]) => name !== "x-request-id" && name !== "date");
  const body = (await response.text()).replaceAll(/"lastUsed":(null|\{[^}]*\})/g, '"lastUsed":"own"');
  return [response.status, JSON.stringify(headerLines), body.replaceAll(/"requestId":"[^"]*"/g, "")].join("\n");
}

async function readAll(reader: Reader): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const [operation, all] of requests) {
    for (const request of all) {
      const { params = {}, query = "" } = request;
      answers[`${operation} ${JSON.stringify(params)} ${query}`] = await read(operation, reader, request);
    }
  }
  return answers;
}

describe.each(readers)("to %s", (reader) => {
  test("no operation that reads changes its answer when Ada's tokens change", async () => {
    const before = await readAll(reader);
    await changeTokens();
    expect(await readAll(reader)).toEqual(before);
    expect(Object.values(before).join()).not.toContain(revealingName);
    expect(Object.keys(before).length).toBeGreaterThan(reading.length);
  });

  test.each(byTokenId)(
    "%s gives the same answer for Ada's tokens as for one that does not exist, and changes nothing",
    async (operation) => {
      const body = operation.startsWith("PATCH") ? { enabled: false } : undefined;
      const stored = await fingerprint();
      const answer = (id: string) => read(operation, reader, { params: { id }, body });
      const absent = await answer(unknownId);
      expect(absent).toMatch(/^404\n/);
      for (const { id } of [token, session]) expect(await answer(id)).toBe(absent);
      expect(await fingerprint()).toEqual(stored);
    },
  );

  test("bulk changes, introspection and revocation by id find nothing", async () => {
    const stored = await fingerprint();
    for (const change of ["enable", "disable", "remove"]) {
      const ids = [token.id, session.id, unknownId];
      const headers = headersOf[reader];
      const response = await sendTo("POST /api/v1/token-changes", { body: { change, ids }, headers });
      const { outcomes } = await response.json();
      const nothing = { outcome: "not-found", detail: null, token: null };
      expect(outcomes).toEqual(ids.map((id) => ({ id, ...nothing })));
    }
    const form = { "content-type": "application/x-www-form-urlencoded" };
    for (const operation of ["POST /api/v1/introspect", "POST /api/v1/revoke"]) {
      const answer = (id: string) => read(operation, reader, { body: `token=${id}`, headers: form });
      expect(await answer(token.id)).toBe(await answer(unknownId));
    }
    expect(await fingerprint()).toEqual(stored);
  });
});

test("the owner sees who removed a shared app, but not with which token", async () => {
  const now = new Date();
  const { app } = await makeApp(await actorOf("ada", now), { slug: "removed" });
  const owner = await actorOf("ada", now);
  await share(owner, { app: "removed" }, { kind: "users", name: "olu" }, { permissions: ["app/removed:manage"] });
  const { value } = await makeToken(await actorOf("olu", now), { name: revealingName, allPermissions: true });
  const headers = { authorization: `Bearer ${value}`, "user-agent": "curl/8.14.1" };
  const removed = await sendTo("DELETE /api/v1/apps/[slug]", { params: { slug: "removed" }, headers });
  expect(removed.status).toBe(204);

  const { value: adas } = await makeToken(owner, { allPermissions: true });
  const history = await sendTo("GET /api/v1/tokens/[id]/history", {
    params: { id: app.tokenId ?? "" },
    headers: { authorization: `Bearer ${adas}` },
  });
  const [last] = (await history.json()).items;
  const by = { userName: "olu", tokenName: null };
  expect(last).toMatchObject({ action: "token.remove", by, address: null, agent: null });
  for (const reader of ["root", "mia"] as const) {
    const events = await sendTo("GET /api/v1/audit-events", { query: "?limit=100", headers: headersOf[reader] });
    const { items } = await events.json();
    expect(items).toContainEqual(expect.objectContaining({ action: "app.remove", by }));
    expect(JSON.stringify(items)).not.toContain(revealingName);
  }
});

describe("as a control", () => {
  test.each(reading)("%s answers a user with all permissions, except about Ada's tokens", async (operation) => {
    const [good = {}] = requests.get(operation) ?? [];
    const isHersAlone = byTokenId.includes(operation) || operation === "GET /api/v1/uploads/[upload]";
    const status = isHersAlone ? 404 : 200;
    expect(await read(operation, "root, signed in", good)).toMatch(new RegExp(`^${status}\n`));
  });

  test("the list of her tokens changes for Ada herself", async () => {
    const { value } = await makeToken(await actorOf("ada", new Date()), { allPermissions: true });
    const headers = { authorization: `Bearer ${value}` };
    const list = async () => (await sendTo("GET /api/v1/tokens", { headers })).text();
    const before = await list();
    await changeTokens();
    expect(await list()).not.toBe(before);
  });
});
