import { Pool } from "pg";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { actorOf, introduceCast, letTimePass, signIn } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { db, pool, prisma } from "../db";
import { currentActor, currentSession, requireActor, requireSignedIn } from "./current-actor";

// Stands in for Next.js, which gives a page the headers of its request and a way to redirect.
let headers = new Headers();
vi.mock("next/headers", () => ({ headers: async () => headers }));
vi.mock("next/navigation", () => ({
  redirect: (path: string) => {
    throw new Error(`redirected to ${path}`);
  },
}));

beforeAll(async () => void (await introduceCast(now())));
beforeEach(() => {
  headers = new Headers({ "x-tessera-path": "/settings/tokens?state=expired", "x-tessera-address": "192.0.2.4" });
});

const back = "return=%2Fsettings%2Ftokens%3Fstate%3Dexpired";

async function olusBrowser(): Promise<string> {
  const { id, value } = await signIn("olu", now());
  headers.set("cookie", `tessera-session=${value.reveal()}`);
  return id;
}

test("a page knows who looks at it, and from where", async () => {
  const id = await olusBrowser();
  expect(await requireActor()).toMatchObject({ userName: "olu", ip: "192.0.2.4", token: { id, kind: "session" } });
  expect(await currentActor()).toMatchObject({ userName: "olu" });
});

test("a page takes the session of the cookie alone, and no token from anywhere", async () => {
  const { value } = await makeToken(await actorOf("olu", now()), { allPermissions: true });
  headers.set("authorization", `Bearer ${value}`);
  expect(await currentActor()).toBeNull();
  headers.set("cookie", `tessera-session=${value}`);
  expect(await currentActor()).toBeNull();
  await expect(requireActor()).rejects.toThrow(`redirected to /sign-in?${back}&reason=ended`);
  // The header of a proxy, or of anything else, does not disturb the session.
  await olusBrowser();
  expect(await currentActor()).toMatchObject({ userName: "olu", token: { kind: "session" } });
});

test("a visitor without a session goes to the sign-in page and comes back afterwards", async () => {
  await expect(requireActor()).rejects.toThrow(`redirected to /sign-in?${back}`);
  headers.set("x-tessera-path", "//evil.example");
  await expect(requireActor()).rejects.toThrow(/^redirected to \/sign-in$/);
  expect(await currentActor()).toBeNull();
});

test("somebody with a one-time password chooses another before anything else, and comes back afterwards", async () => {
  await olusBrowser();
  await db.user.update({ where: { userName: "olu" }, data: { mustChangePassword: true } });
  await expect(requireActor()).rejects.toThrow(`redirected to /change-password?${back}`);
  expect(await requireSignedIn()).toMatchObject({ userName: "olu" });
  // A new password also drops what verification has in memory about the owner.
  await db.user.update({ where: { userName: "olu" }, data: { mustChangePassword: false, passwordHash: "$another" } });
  expect(await requireActor()).toMatchObject({ userName: "olu" });
});

test("a user whose session has expired learns it on the sign-in page", async () => {
  await letTimePass(await olusBrowser(), 30);
  await expect(requireActor()).rejects.toThrow(`redirected to /sign-in?${back}&reason=expired`);
});

test("a user whose session was disabled or removed learns on the sign-in page that it was ended", async () => {
  const id = await olusBrowser();
  await db.token.update({ where: { id }, data: { enabled: false } });
  await expect(requireActor()).rejects.toThrow(`redirected to /sign-in?${back}&reason=ended`);
  await db.token.delete({ where: { id } });
  await expect(requireActor()).rejects.toThrow(`redirected to /sign-in?${back}&reason=ended`);
});

test("while the database is out of reach no user is signed out, and the page in the browser can tell", async () => {
  await olusBrowser();
  const reachable = pool();
  const client = prisma();
  const unreachable = new Pool({ host: "127.0.0.1", port: 1, connectionTimeoutMillis: 500 });
  pool.replace(unreachable);
  prisma.clear();
  try {
    await expect(requireActor()).rejects.toMatchObject({ code: "unavailable", digest: "unavailable" });
  } finally {
    pool.replace(reachable);
    prisma.replace(client);
    await unreachable.end();
  }
  expect(await requireActor()).toMatchObject({ userName: "olu" });
});

test("the open page learns when its session ends, after the extension that its request brought", async () => {
  const id = await olusBrowser();
  await letTimePass(id, 24);
  const before = await currentSession();
  expect(minutesLeft(before)).toBeGreaterThan(5);
  expect(minutesLeft(before)).toBeLessThanOrEqual(6);
  await letTimePass(id, 1);
  expect(minutesLeft(await currentSession())).toBe(30);
});

const minutesLeft = ({ now: at, expiresAt }: { now: string; expiresAt: string }) =>
  (Date.parse(expiresAt) - Date.parse(at)) / 60_000;
