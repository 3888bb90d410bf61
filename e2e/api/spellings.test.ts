import { afterAll, beforeAll, expect, test } from "vitest";
import { closeQueue, installQueue } from "@/lib/jobs/queue";
import { introduceCast } from "@/testing/cast";
import { createSession } from "./callers";
import { operations, sendTo } from "./operations";
import type { SampleRequest } from "./sample-requests";

// What looks the same is the same: each thing is created under one spelling of its name and found under every other.

const now = new Date();
const headers: Record<string, string> = {};

beforeAll(async () => {
  await introduceCast(now);
  await installQueue();
  Object.assign(headers, await createSession("root", now));
});
afterAll(closeQueue);

async function ask(operation: string, request: SampleRequest = {}, query = "") {
  const answer = await sendTo(operation, { ...request, headers: { ...headers, ...request.headers } }, query);
  const text = await answer.text();
  return { status: answer.status, json: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
}

const names = {
  German: "K\u00F6ln",
  Vietnamese: "Ti\u1EBFng Vi\u1EC7t",
  Korean: "\uD55C\uAE00",
  Hindi: "\u0939\u093F\u0928\u094D\u0926\u0940",
  Thai: "\u0E44\u0E17\u0E22\u0E49",
  Hebrew: "\u05E9\u05B8\u05C1\u05DC\u05D5\u05B9\u05DD".normalize(),
  Persian: "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
};
const source = (file: string) =>
  `/*---\ntitle: ${file}\noutput: json\nparameters:\n  - { name: A, type: choice, options: ["${file}", b] }\n---*/\nFROM '${file}'`;

const pairs = Object.values(names).flatMap((name) =>
  ["NFC", "NFD"].flatMap((created) => ["NFC", "NFD"].map((asked) => [name, created, asked] as const)),
);

test.each(pairs)(
  "a repository %s, its files and workspaces, created in %s and asked for in %s",
  async (name, created, asked) => {
    const written = name.normalize(created);
    const spelled = name.normalize(asked);
    const at = { repository: spelled, file: `${spelled}.csv`, name: spelled };
    const made = await ask("POST /api/v1/repositories", { body: { name: written, description: written } });
    expect(made).toMatchObject({ status: 201, json: { name, description: name } });
    const again = await ask("POST /api/v1/repositories", { body: { name: spelled } });
    expect(again.status).toBe(409);
    const put = { params: { repository: written, file: `${written}.csv` }, body: new Uint8Array([97, 10, 49, 10]) };
    expect(await ask("PUT /api/v1/repositories/[repository]/files/[file]", put)).toMatchObject({ status: 201 });
    const replaced = await ask("PUT /api/v1/repositories/[repository]/files/[file]", { ...put, params: at });
    expect(replaced.status).toBe(200);
    const publish = { params: { repository: written, name: written }, body: source(`${written}.csv`) };
    const text = { "content-type": "text/plain" };
    const published = await ask("PUT /api/v1/workspaces/[repository]/[name]", { ...publish, headers: text });
    expect(published).toMatchObject({ status: 201, json: { name, title: `${name}.csv` } });

    for (const operation of [
      "GET /api/v1/repositories/[repository]",
      "GET /api/v1/repositories/[repository]/files/[file]",
      "GET /api/v1/workspaces/[repository]/[name]",
      "GET /api/v1/workspaces/[repository]/[name]/source",
    ]) {
      expect((await ask(operation, { params: at })).status, operation).toBe(200);
    }
    const query = `?q=${encodeURIComponent(spelled)}&repository=${encodeURIComponent(spelled)}`;
    expect((await ask("GET /api/v1/workspaces", {}, query)).json.items).toHaveLength(1);

    const run = { params: at, body: { parameters: { A: `${spelled}.csv` } } };
    const started = await ask("POST /api/v1/workspaces/[repository]/[name]/runs", {
      ...run,
      headers: { prefer: "respond-async" },
    });
    expect(started.status, JSON.stringify(started.json)).toBe(202);
    const jobs = `?repository=${encodeURIComponent(spelled)}&workspace=${encodeURIComponent(spelled)}`;
    expect((await ask("GET /api/v1/jobs", {}, jobs)).json.items.length).toBeGreaterThan(0);

    const permission = `workspace/${spelled}/${spelled}:run`;
    const shared = await ask("PUT /api/v1/workspaces/[repository]/[name]/grants/[kind]/[partner]", {
      params: { repository: spelled, name: spelled, kind: "users", partner: "OLU" },
      body: { permissions: [permission] },
    });
    expect(shared.json).toMatchObject({ name: "olu", permissions: [`workspace/${name}/${name}:run`] });
    const olu = await createSession("olu", now);
    const named = `?permission=${encodeURIComponent(permission)}`;
    expect((await ask("GET /api/v1/authorize", { headers: olu }, named)).status).toBe(200);
    const events = await ask("GET /api/v1/audit-events", {}, `?subject=${encodeURIComponent(spelled)}`);
    expect(events.json.items.length).toBeGreaterThan(0);
    const removed = await ask("DELETE /api/v1/repositories/[repository]", { params: at });
    expect(removed.status).toBe(204);
  },
);

test.each(Object.entries(names))("tokens and apps with %s names", async (_, name) => {
  const [written, spelled] = [name.normalize("NFD"), name.normalize("NFC")];
  const token = { name: written, expiresAt: new Date(Date.now() + 1e9), permissions: ["tokens:manage"] };
  expect(await ask("POST /api/v1/tokens", { body: token })).toMatchObject({ status: 201, json: { name } });
  expect((await ask("POST /api/v1/tokens", { body: { ...token, name: spelled } })).status).toBe(409);
  for (const q of [written, spelled]) {
    expect((await ask("GET /api/v1/tokens", {}, `?q=${encodeURIComponent(q)}`)).json.items).toHaveLength(1);
  }
  const slug = `app-${Object.values(names).indexOf(name)}`;
  const app = { name: `${written} app`, slug, repository: "Rivers", workspace: "gauge-levels" };
  expect(await ask("POST /api/v1/apps", { body: app })).toMatchObject({ status: 201, json: { name: `${name} app` } });
  for (const q of [written, spelled]) {
    expect((await ask("GET /api/v1/apps", {}, `?q=${encodeURIComponent(q)}`)).json.items).toHaveLength(1);
  }
});

test("direction controls are refused in every name and title, in words", async () => {
  const bad = "a\u202Eb";
  const expiresAt = new Date(Date.now() + 1e9);
  const asked: [string, SampleRequest][] = [
    ["POST /api/v1/tokens", { body: { name: bad, expiresAt, permissions: [] } }],
    ["POST /api/v1/repositories", { body: { name: bad } }],
    ["POST /api/v1/apps", { body: { name: bad, slug: "bad", repository: "Rivers", workspace: "gauge-levels" } }],
    ["POST /api/v1/users", { body: { userName: "bad", fullName: bad } }],
    ["POST /api/v1/users", { body: { userName: bad, fullName: "Bad" } }],
    ["POST /api/v1/roles", { body: { name: "bad", title: bad, permissions: [] } }],
    ["PATCH /api/v1/account", { body: { fullName: bad } }],
    ["PUT /api/v1/repositories/[repository]/files/[file]", { params: { repository: "Rivers", file: bad }, body: "a" }],
    ["PUT /api/v1/workspaces/[repository]/[name]", { params: { repository: "Rivers", name: bad }, body: source("a") }],
    ["PUT /api/v1/workspaces/[repository]/[name]", { params: { repository: "Rivers", name: "a" }, body: source(bad) }],
  ];
  for (const [operation, request] of asked) {
    expect(operations.has(operation), operation).toBe(true);
    const { status, json } = await ask(operation, request);
    expect(status, `${operation} ${JSON.stringify(json)}`).toBe(400);
    expect(json.detail).toMatch(/direction|letters, digits/);
  }
});
