import { beforeAll, describe, expect, test } from "vitest";
import { days, later, now } from "@/lib/clock";
import { introduceCast, type PersonName, signIn } from "@/testing/cast";
import { credentialsOf, headersOf } from "@/testing/client";
import * as presented from "../token/route";
import * as changes from "../token-changes/route";
import * as history from "./[id]/history/route";
import * as one from "./[id]/route";
import * as tokens from "./route";

const gauge = "workspace/Rivers/gauge-levels:run";
const unknownId = "01980000-0000-7000-8000-000000000000";
const inAWeek = later(now(), days(7)).toISOString();

let sessions: Record<"ada" | "olu" | "root", string>;

beforeAll(async () => {
  await introduceCast(now());
  const sessionOf = async (name: PersonName) => (await signIn(name, now())).value.reveal();
  sessions = { ada: await sessionOf("ada"), olu: await sessionOf("olu"), root: await sessionOf("root") };
});

type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>;

/** Asks with a session, as a page does, or with an API token, as a program does. */
async function ask(
  handler: Handler,
  credential: string,
  { method = "GET", query = "", id, body, headers = {} }: Partial<Asked> = {},
) {
  const json: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
  const request = new Request(`http://localhost:3000/api/v1/tokens${query}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { ...headersOf(credentialsOf(credential)), ...json, ...headers },
  });
  const response = await handler(request, { params: Promise.resolve(id === undefined ? {} : { id }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text ? JSON.parse(text) : null };
}

interface Asked {
  method: string;
  query: string;
  id: string;
  body: unknown;
  headers: Record<string, string>;
}

let made = 0;
const create = (credential: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  ask(tokens.POST, credential, {
    method: "POST",
    body: { name: `rest ${++made}`, expiresAt: inAWeek, permissions: [gauge], ...more },
    headers,
  });

describe("POST /tokens", () => {
  test("answers 201 with the value, where the token is, and nothing for caches to keep", async () => {
    const { status, headers, json } = await create(sessions.olu, { name: "by REST" });
    expect(status).toBe(201);
    expect(json).toMatchObject({ kind: "api", name: "by REST", state: "active", permissions: [gauge] });
    expect(json.value).toMatch(/^tsa_[0-9A-Za-z]{46}$/);
    expect(headers.get("location")).toBe(`/api/v1/tokens/${json.id}`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(await ask(presented.GET, json.value)).toMatchObject({ status: 200, json: { id: json.id } });
  });

  test("answers a retry under the same Idempotency-Key 200, with the token and without its value", async () => {
    const more = { name: "retried by REST" };
    const key = { "Idempotency-Key": "0f7c" };
    const first = await create(sessions.ada, more, key);
    const second = await create(sessions.ada, more, key);
    const { value, ...token } = first.json;
    expect(value).toBeDefined();
    expect(second).toMatchObject({ status: 200, json: token });
    expect(second.text).not.toContain("value");
    expect(await create(sessions.ada, { name: "other" }, key)).toMatchObject({ status: 409 });
    expect(await create(sessions.ada, {}, { "Idempotency-Key": "two words" })).toMatchObject({ status: 400 });
  });

  test.each([
    [{ name: "" }, 400, "name"],
    [{ name: "a/b" }, 400, "name"],
    [{ expiresAt: "tomorrow" }, 400, "expiresAt"],
    [{ expiresAt: "2001-01-01T00:00:00Z" }, 400, "expiresAt"],
    [{ expiresAt: "9999-01-01T00:00:00Z" }, 400, "expiresAt"],
    [{ expiresInSeconds: 604_800 }, 400, "expiresInSeconds"],
    [{ expiresAt: undefined }, 400, "expiresAt"],
    [{ expiresAt: undefined, expiresInSeconds: 0.5 }, 400, "expiresInSeconds"],
    [{ expiresAt: undefined, expiresInSeconds: 3_000_000_000 }, 400, "expiresAt"],
    [{ permissions: ["nonsense"] }, 400, "permissions.0"],
    [{ permissions: ["users:manage"] }, 403, "permissions"],
    [{ kind: "session" }, 400, "kind"],
    [{ value: "tsa_mine" }, 400, "value"],
  ])("names what is wrong with %j", async (more, status, field) => {
    expect(await create(sessions.ada, more)).toMatchObject({ status, json: { field } });
  });
});

describe("GET /tokens", () => {
  test("answers pages of one's own, as asked for", async () => {
    for (const name of ["zebra", "yak"]) await create(sessions.root, { name });
    const first = await ask(tokens.GET, sessions.root, { query: "?kind=api&state=active&sort=name&limit=1" });
    expect(first).toMatchObject({ status: 200, json: { items: [{ name: "yak" }], nextCursor: expect.any(String) } });
    const query = `?kind=api&state=active&sort=name&limit=1&cursor=${first.json.nextCursor}`;
    const second = await ask(tokens.GET, sessions.root, { query });
    expect(second.json).toMatchObject({ items: [{ name: "zebra" }], nextCursor: null });
    expect(first.text + second.text).not.toMatch(/digest|"value"/);
  });

  test.each(["sort=digest", "state=gone", "limit=0", "limit=1000", "cursor=x", "owner=eve", "kind="])(
    "refuses ?%s and names the parameter",
    async (query) => {
      const answer = await ask(tokens.GET, sessions.root, { query: `?${query}` });
      expect(answer).toMatchObject({ status: 400, json: { field: query.split("=")[0] } });
    },
  );
});

describe("/tokens/{id}", () => {
  test("is read, changed and removed by its owner, who also reads its history", async () => {
    const { id, value, ...token } = (await create(sessions.ada)).json;
    expect(await ask(one.GET, sessions.ada, { id })).toMatchObject({ status: 200, json: { id, name: token.name } });
    const off = await ask(one.PATCH, sessions.ada, { id, method: "PATCH", body: { enabled: false } });
    expect(off).toMatchObject({ status: 200, json: { state: "disabled" } });
    expect(await ask(presented.GET, value)).toMatchObject({ status: 401, json: { detail: "This token is disabled." } });
    const events = await ask(history.GET, sessions.ada, { id });
    expect(events.json.items.map(({ action }: { action: string }) => action)).toEqual([
      "token.disable",
      "token.create",
    ]);
    expect(await ask(one.DELETE, sessions.ada, { id, method: "DELETE" })).toMatchObject({ status: 204, text: "" });
    expect(await ask(one.GET, sessions.ada, { id })).toMatchObject({ status: 404 });
    expect(await ask(history.GET, sessions.ada, { id })).toMatchObject({ status: 200 });
    expect(await ask(presented.GET, value)).toMatchObject({
      status: 401,
      json: { detail: "This token is not valid." },
    });
  });

  test("gives the same 404, byte for byte, for the token of another user, an unknown id and a malformed id", async () => {
    const { id } = (await create(sessions.ada)).json;
    const body = { enabled: false };
    const answers = await Promise.all(
      [id, unknownId, "x", "../users"].flatMap((each) => [
        ask(one.GET, sessions.root, { id: each }),
        ask(one.PATCH, sessions.root, { id: each, method: "PATCH", body }),
        ask(one.DELETE, sessions.root, { id: each, method: "DELETE" }),
        ask(history.GET, sessions.root, { id: each }),
      ]),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const headers = answers.map((answer) => [...answer.headers].filter(([name]) => name !== "x-request-id"));
    expect(new Set(headers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(await ask(one.GET, sessions.ada, { id })).toMatchObject({ status: 200, json: { enabled: true } });
  });

  test("is closed to a token that may not manage tokens, and says what is missing", async () => {
    const { id, value } = (await create(sessions.ada)).json;
    expect(await ask(one.GET, value, { id })).toMatchObject({ status: 403, json: { permission: "tokens:manage" } });
  });

  test("cannot be given a value, a kind or an owner", async () => {
    const { id } = (await create(sessions.ada)).json;
    for (const field of ["value", "kind", "ownerId", "id", "lastUsed"]) {
      const answer = await ask(one.PATCH, sessions.ada, { id, method: "PATCH", body: { [field]: "x" } });
      expect(answer, field).toMatchObject({ status: 400, json: { field } });
    }
  });
});

test("POST /token-changes answers what became of each", async () => {
  const { id } = (await create(sessions.ada)).json;
  const olus = (await create(sessions.olu)).json.id;
  const body = { change: "disable", ids: [id, olus] };
  const { status, json } = await ask(changes.POST, sessions.ada, { method: "POST", body });
  expect(status).toBe(200);
  expect(json.outcomes).toMatchObject([
    { id, outcome: "changed", token: { state: "disabled" } },
    { id: olus, outcome: "not-found", token: null },
  ]);
});

test("POST /token-changes of all that match goes batch by batch", async () => {
  const ids = [];
  for (const name of ["swept 1", "swept 2", "swept 3"]) ids.push((await create(sessions.ada, { name })).json.id);
  const body = { change: "remove", matching: { kind: "api", q: "swept" }, limit: 2 };
  const first = await ask(changes.POST, sessions.ada, { method: "POST", body });
  expect(first).toMatchObject({ status: 200, json: { nextCursor: expect.any(String) } });
  const rest = { ...body, cursor: first.json.nextCursor };
  const second = await ask(changes.POST, sessions.ada, { method: "POST", body: rest });
  expect(second).toMatchObject({ status: 200, json: { nextCursor: null } });
  const removed = [...first.json.outcomes, ...second.json.outcomes];
  expect(removed.map(({ id }: { id: string }) => id).sort()).toEqual(ids.sort());
  expect(await ask(changes.POST, sessions.ada, { method: "POST", body: { change: "remove" } })).toMatchObject({
    status: 400,
    json: { field: "ids" },
  });
});

describe("/token", () => {
  test("says what the presented token is and may do, to every token", async () => {
    const { value } = (await create(sessions.ada, { name: "who am I" })).json;
    expect(await ask(presented.GET, value)).toMatchObject({
      status: 200,
      json: { name: "who am I", current: true, owner: { userName: "ada" }, effectivePermissions: [gauge] },
    });
  });

  test("lets every token remove itself", async () => {
    const { value } = (await create(sessions.ada)).json;
    expect(await ask(presented.DELETE, value, { method: "DELETE" })).toMatchObject({ status: 204 });
    expect(await ask(presented.GET, value)).toMatchObject({ status: 401 });
  });
});
