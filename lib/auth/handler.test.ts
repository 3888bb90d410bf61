import { beforeAll, describe, expect, test, vi } from "vitest";
import { GET, POST } from "@/app/api/auth/[...nextauth]/route";
import { castPassword, introduceCast } from "@/testing/cast";
import { CookieJar } from "@/testing/cookie-jar";
import { later, minutes, now } from "../clock";
import { db, pool } from "../db";
import { verify } from "../verification/verify";

const origin = "http://localhost:3000";
const someone = { ip: "192.0.2.1", agent: null };

beforeAll(async () => void (await introduceCast(now())));

/** A minimal browser for signing in: it keeps cookies and sends the Host and Origin of its page. */
function browser(at = origin, address = "192.0.2.10") {
  const cookies = new CookieJar();
  const headersOf = () => ({
    host: new URL(at).host,
    origin: at,
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "x-tessera-address": address,
    ...(cookies.header() && { cookie: cookies.header() }),
  });
  const keep = (response: Response) => {
    cookies.keep(response);
    return response;
  };
  const context = (path: string) => ({ params: Promise.resolve({ nextauth: path.split("?")[0]?.split("/") }) });
  const get = async (path: string) =>
    keep(await GET(new Request(`${at}/api/auth/${path}`, { headers: headersOf() }), context(path)));
  const post = async (path: string, body: Record<string, string> | string, headers: Record<string, string> = {}) => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const init = { method: "POST", headers: { ...headersOf(), ...form, ...headers } };
    return keep(
      await POST(
        new Request(`${at}/api/auth/${path}`, {
          ...init,
          body: typeof body === "string" ? body : new URLSearchParams(body),
        }),
        context(path),
      ),
    );
  };
  const csrfToken = async () => ((await (await get("csrf")).json()) as { csrfToken: string }).csrfToken;
  return {
    cookies,
    get,
    post,
    signIn: async (userName: string, password: string, more: Record<string, string> = {}) =>
      post("callback/credentials", { csrfToken: await csrfToken(), username: userName, password, ...more }),
    signOut: async () => post("signout", { csrfToken: await csrfToken() }),
  };
}

const sessionsOf = (userName: string) =>
  db.token.findMany({ where: { kind: "session", owner: { userName } }, orderBy: { createdAt: "asc" } });

describe("signing in", () => {
  test("makes a session token whose value is the cookie, and nothing else of it leaves", async () => {
    const olu = browser();
    const response = await olu.signIn("  OLU ", castPassword);
    expect(response.status).toBe(200);
    const value = olu.cookies.get("tessera-session") ?? "";
    const line = response.headers.getSetCookie().find((each) => each.startsWith("tessera-session="));
    expect(line).toMatch(/^tessera-session=tss_\w{46}; Path=\/; HttpOnly; SameSite=Lax$/);
    const who = await verify(value, { ...someone, now: now() });
    expect(who).toMatchObject({ userName: "olu", token: { kind: "session", name: "Firefox on Linux" } });
    expect(JSON.stringify(await response.json())).not.toContain(value);
  });

  test("ends the previous session of the browser, also that of another user", async () => {
    const shared = browser();
    await shared.signIn("olu", castPassword);
    const former = shared.cookies.get("tessera-session") ?? "";
    await shared.signIn("ada", castPassword);
    await expect(verify(former, { ...someone, now: now() })).rejects.toMatchObject({ extra: { fault: "expired" } });
    expect(await verify(shared.cookies.get("tessera-session") ?? "", { ...someone, now: now() })).toMatchObject({
      userName: "ada",
    });
  });

  test("is the same answer for a wrong password, an unknown name and a disabled account", async () => {
    await db.user.update({ where: { userName: "eve" }, data: { enabled: false } });
    const answers = [
      await browser(origin, "192.0.2.21").signIn("olu", "not the right password"),
      await browser(origin, "192.0.2.22").signIn("nobody-of-that-name", castPassword),
      await browser(origin, "192.0.2.23").signIn("eve", castPassword),
      await browser(origin, "192.0.2.24").signIn("", ""),
    ];
    await db.user.update({ where: { userName: "eve" }, data: { enabled: true } });
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    for (const answer of answers) expect(answer.headers.getSetCookie().join()).not.toContain("tessera-session");
  });

  test("takes JSON as well as a form, and says what is wrong with either", async () => {
    const olu = browser();
    const { csrfToken } = await (await olu.get("csrf")).json();
    const json = (text: string) => olu.post("callback/credentials", text, { "content-type": "application/json" });
    expect((await json("{")).status).toBe(400);
    expect(await (await json(`{"username": 7}`)).json()).toMatchObject({ status: 400, field: "username" });
    expect((await json(JSON.stringify({ csrfToken, username: "olu", password: castPassword }))).status).toBe(200);
    expect((await olu.post("callback/credentials", `csrfToken=${csrfToken}&username=a%00b&password=x`)).status).toBe(
      400,
    );
    expect((await olu.post("signout", "x", { "content-type": "text/plain" })).status).toBe(415);
  });

  test("needs the CSRF token of its cookie, and a page of ours", async () => {
    const olu = browser();
    await olu.get("csrf");
    const forged = await olu.post("callback/credentials", {
      csrfToken: "0".repeat(64),
      username: "olu",
      password: castPassword,
    });
    expect(forged.status).toBe(403);
    const foreign = await olu.post(
      "callback/credentials",
      { username: "olu", password: castPassword },
      { origin: "https://evil.example" },
    );
    expect(foreign.status).toBe(403);
    expect(olu.cookies.get("tessera-session")).toBeUndefined();
  });

  test.each(["/x?csrf=true", "/jobs?a=b&csrf=true", "/?csrf=true"])("leads to %s, and out again", async (path) => {
    const olu = browser();
    await olu.get(`csrf?${new URLSearchParams({ callbackUrl: path })}`);
    const response = await olu.signIn("olu", castPassword, { callbackUrl: path });
    expect([response.status, await response.json()]).toEqual([200, { url: origin + path }]);
    expect(await (await olu.get("session")).json()).toMatchObject({ user: { name: "olu" } });
    const signin = await olu.get(`signin?${new URLSearchParams({ callbackUrl: path })}`);
    expect(signin.status).toBe(302);
    expect((await olu.signOut()).status).toBe(200);
    expect(olu.cookies.get("tessera-session")).toBeUndefined();
  });

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "nonsense"])(
    "never leads to %s",
    async (callbackUrl) => {
      const response = await browser().signIn("olu", castPassword, { callbackUrl });
      expect(await response.json()).toEqual({ url: `${origin}/` });
    },
  );

  test("works by each name of this machine, and follows no other Host", async () => {
    for (const at of ["http://127.0.0.1:3000", "http://[::1]:3000"]) {
      const response = await browser(at).signIn("olu", castPassword, { callbackUrl: "/jobs?state=running" });
      expect(await response.json()).toEqual({ url: `${at}/jobs?state=running` });
    }
    const response = await GET(
      new Request(`${origin}/api/auth/signin`, {
        headers: { host: "evil.example", "x-forwarded-host": "evil.example" },
      }),
      { params: Promise.resolve({ nextauth: ["signin"] }) },
    );
    expect(response.headers.get("location")).toBe(`/sign-in?callbackUrl=${encodeURIComponent(origin)}`);
  });
});

describe("a session", () => {
  test("goes with the browser, unless staying signed in was chosen: then it lasts as long as a session can", async () => {
    const lifeOf = (response: Response) => {
      const line = response.headers.getSetCookie().find((each) => each.startsWith("tessera-session=")) ?? "";
      const expires = /; Expires=([^;]+)/.exec(line)?.[1];
      return /Max-Age/.test(line) ? "wrong" : expires ? Date.parse(expires) - Date.now() : null;
    };
    expect(lifeOf(await browser().signIn("olu", castPassword))).toBeNull();
    for (const stay of ["false", "", "on", "TRUE"]) {
      expect(lifeOf(await browser().signIn("olu", castPassword, { stay }))).toBeNull();
    }
    const staying = browser();
    const life = lifeOf(await staying.signIn("olu", castPassword, { stay: "true" }));
    expect(life).toBeGreaterThan(minutes(12 * 60 - 1));
    expect(life).toBeLessThanOrEqual(minutes(12 * 60));
    // Reading the session neither prolongs the cookie nor lets one stay that should not.
    expect((await staying.get("session")).headers.getSetCookie().join()).not.toContain("tessera-session=");
    // The cookie of a visit to the provider that was given up does not count for a password.
    const other = browser();
    other.cookies.set("tessera-stay", "true");
    expect(lifeOf(await other.signIn("olu", castPassword))).toBeNull();
  });

  test("leaves nothing of itself in the browser when its user signs out", async () => {
    const olu = browser();
    await olu.signIn("olu", castPassword, { stay: "true", callbackUrl: "/jobs" });
    const signedOut = await olu.signOut();
    expect(signedOut.headers.get("clear-site-data")).toBe('"storage"');
    expect(olu.cookies.header()).toBe("");
    for (const response of [
      await olu.get("session"),
      await olu.signIn("olu", "not it"),
      await olu.signIn("olu", castPassword),
    ]) {
      expect(response.headers.has("clear-site-data")).toBe(false);
    }
    const outdated = await olu.post("signout", { csrfToken: "0".repeat(64) });
    expect([outdated.status, outdated.headers.has("clear-site-data")]).toEqual([403, false]);
  });

  test("is in the cookie, and ends when its token is disabled", async () => {
    const olu = browser();
    expect(await (await olu.get("session")).json()).toEqual({});
    await olu.signIn("olu", castPassword);
    const value = olu.cookies.get("tessera-session");
    expect(await (await olu.get("session")).json()).toMatchObject({ user: { name: "olu" } });
    expect(olu.cookies.get("tessera-session")).toBe(value);
    await db.token.updateMany({ where: { owner: { userName: "olu" } }, data: { enabled: false } });
    expect(await (await olu.get("session")).json()).toEqual({});
    expect(olu.cookies.get("tessera-session")).toBeUndefined();
    await db.token.updateMany({ where: { owner: { userName: "olu" } }, data: { enabled: true } });
  });

  test("moves to Expired at the moment of signing out", async () => {
    const ada = browser();
    await ada.signIn("ada", castPassword);
    const value = ada.cookies.get("tessera-session") ?? "";
    const before = now();
    expect((await ada.signOut()).status).toBe(200);
    expect(ada.cookies.get("tessera-session")).toBeUndefined();
    await expect(verify(value, { ...someone, now: now() })).rejects.toMatchObject({ extra: { fault: "expired" } });
    const last = (await sessionsOf("ada")).at(-1);
    expect(last?.expiresAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(last?.expiresAt.getTime()).toBeLessThan(later(before, minutes(1)).getTime());
  });
});

test("while the database is out of reach no user is signed in, and none is signed out", async () => {
  const olu = browser();
  await olu.signIn("olu", castPassword);
  const value = olu.cookies.get("tessera-session") ?? "";
  const csrfToken = ((await (await olu.get("csrf")).json()) as { csrfToken: string }).csrfToken;
  const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const query = vi.spyOn(pool(), "query").mockRejectedValue(gone as never);
  const answers = [
    await olu.get("session"),
    await olu.post("signout", { csrfToken }),
    await olu.post("callback/credentials", { csrfToken, username: "olu", password: castPassword }),
  ];
  query.mockRestore();
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(answers.flatMap(({ headers }) => headers.getSetCookie()).join()).not.toContain("tessera-session");
  expect(await verify(value, { ...someone, now: now() })).toMatchObject({ userName: "olu" });
});

test("what next-auth has beyond this is not there", async () => {
  const olu = browser();
  for (const path of [
    "providers",
    "_log",
    "verify-request",
    "callback/credentials",
    "callback/oidc",
    "signin/x/y",
    "x",
  ]) {
    expect((await olu.get(path)).status, path).toBe(404);
  }
  for (const path of ["_log", "session", "callback/oidc", "signin/oidc", "signin"]) {
    expect((await olu.post(path, {})).status, path).toBe(404);
  }
});
