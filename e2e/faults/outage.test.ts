import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { pool } from "@/lib/db";
import { env } from "@/lib/env";
import { ensureBuilt } from "@/lib/server/build";
import { freePort } from "@/lib/server/database";
import { CookieJar } from "@/testing/cookie-jar";
import { makeDataFolder } from "@/testing/data-folder";
import { type DatabaseProxy, startDatabaseProxy } from "@/testing/database-proxy";
import { makeTarget } from "@/testing/revocation-target";
import { type ServerProcess, startServer } from "@/testing/tested-server";

// A process is started from the production build, after building it if necessary.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 600_000 });
const pollOptions = { timeout: 120_000, interval: 100 };

let folder: string;
let proxy: DatabaseProxy;
let server: ServerProcess;
let value: string;
let id: string;
let token: string;

beforeAll(async () => {
  await ensureBuilt();
  folder = await makeDataFolder();
  proxy = await startDatabaseProxy(new URL(env().databaseUrl));
  const settings = { PORT: String(await freePort(0)), DATABASE_URL: proxy.url, TESSERA_DATA_DIR: folder };
  server = await startServer(settings, join(folder, "server.log"));
  ({ value } = await makeTarget(true));
  ({ id, value: token } = await makeTarget(false));
});
afterAll(async () => {
  await server.stop();
  proxy.close();
  await rm(folder, { recursive: true, force: true });
});

test("a page is answered 503 while the database is unreachable, no user is signed out, and it works again afterwards", async () => {
  expect((await fetchPage()).status).toBe(200);
  proxy.cut();
  const answer = await fetchPage();
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("2");
  // By this digest the page in the browser chooses its text.
  expect(await answer.text()).toMatch(/digest\W+unavailable/);
  await restore();
});

const pages = [
  "/",
  "/settings/tokens",
  "/settings/tokens/new",
  "/workspaces",
  "/jobs",
  "/apps",
  "/admin/users",
  "/a/none",
];
const operations = [
  "/api/v1/tokens",
  "/api/v1/workspaces",
  "/api/v1/jobs",
  `/api/v1/apps/none/runs/${"k".repeat(43)}`,
  "/api/v1/authorize",
];

test.each(["cut", "mute"] as const)("every kind of request is answered 503 within 3 s: %s", async (failure) => {
  onTestFinished(restore);
  const signIn = await prepareSignIn();
  proxy[failure]();
  // The first requests notice it, at the same time; the others follow one after the other.
  for (const isFirst of [true, false]) {
    const asked = [
      ...pages.map((path) => () => fetchPage(path)),
      ...operations.map((path) => () => fetchPage(path)),
      () => fetchPage("/api/v1/tokens", { headers: { Authorization: `Bearer ${token}` } }),
      () => fetchPage("/health/ready"),
      signIn,
      revoke,
    ];
    const outcomes = isFirst ? await Promise.all(asked.map(timed)) : [];
    if (!isFirst) for (const ask of asked) outcomes.push(await timed(ask));
    for (const { path, status, retryAfter, ms } of outcomes) {
      expect({ path, status, retryAfter }).toEqual({ path, status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
      expect(ms, path).toBeLessThan(3_000);
    }
  }
  expect((await fetch(`${server.origin}/health/live`)).status).toBe(200);
});

test("a page that is admitted, and whose own query fails, is answered 503 with the page about outages", async () => {
  // The session is remembered from now on, so that verifying it does not read the table.
  expect((await fetchPage()).status).toBe(200);
  const client = await pool().connect();
  await client.query("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
  try {
    const answer = await fetchPage();
    expect({ status: answer.status, retryAfter: answer.headers.get("retry-after") }).toEqual({
      status: 503,
      retryAfter: "2",
    });
    expect(await answer.text()).toMatch(/digest\W+unavailable/);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
});

function fetchPage(path = "/settings/account", init: RequestInit = {}) {
  const headers = { Cookie: `tessera-session=${value}` };
  return fetch(server.origin + path, { headers, redirect: "manual", ...init });
}

/** Opens the sign-in form, which needs no database, and returns what sends it. */
async function prepareSignIn(): Promise<() => Promise<Response>> {
  const cookies = new CookieJar();
  const form = await fetch(`${server.origin}/api/auth/csrf`);
  cookies.keep(form);
  const { csrfToken } = await form.json();
  const headers = { "Content-Type": "application/json", Origin: server.origin, Cookie: cookies.header() };
  const body = JSON.stringify({ csrfToken, username: "admin", password: "some password" });
  return () => fetchPage("/api/auth/callback/credentials", { method: "POST", headers, body });
}

const revoke = () =>
  fetchPage(`/api/v1/tokens/${id}`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });

async function timed(ask: () => Promise<Response>) {
  const began = performance.now();
  const response = await ask();
  await response.arrayBuffer();
  const path = new URL(response.url).pathname;
  return {
    path,
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    ms: performance.now() - began,
  };
}

async function restore() {
  proxy.restore();
  await expect.poll(async () => (await fetchPage()).status, pollOptions).toBe(200);
}
