import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { blockedBy } from "@/testing/blocked-by";
import { introduceCast } from "@/testing/cast";
import { type IdentityProvider, startIdentityProvider } from "@/testing/identity-provider";
import { authenticate, continueWithProvider, openBrowser, origin } from "@/testing/provider-browser";
import { bearerOf } from "@/testing/tokens";
import { minutes, now } from "../clock";
import { db, pool } from "../db";
import { log } from "../log";
import { discoverProvider } from "./discovery";
import { failuresLoggedMax, logFailure } from "./failure-log";

let provider: IdentityProvider;

beforeAll(async () => {
  provider = await startIdentityProvider(origin);
  Object.assign(process.env, provider.settings);
  await introduceCast(now());
});
beforeEach(() => provider.wrong.clear());
afterAll(() => provider.goDown());

const accountOf = (sub: string) =>
  db.user.findUnique({
    where: { externalIdentity: `${provider.issuer}|${sub}` },
    select: { userName: true, fullName: true, passwordHash: true },
  });

describe("a person whom the provider has authenticated", () => {
  test("gets an account at the first sign-in, named by UserInfo, and the same one later", async () => {
    const jane = { name: "Jane Doe", preferred_username: "Jané.Doe" };
    const { response, session, location, url } = await continueWithProvider(
      provider,
      "248289761001",
      jane,
      "/jobs?state=running",
    );
    const asked = new URL(url).searchParams;
    expect(new URL(url).origin).toBe(provider.issuer);
    expect(asked.get("redirect_uri")).toBe(`${origin}/api/auth/callback/oidc`);
    for (const check of ["code_challenge", "state", "nonce"]) expect(asked.get(check)).toMatch(/^[\w-]{43}$/);
    expect(response.status).toBe(302);
    expect(location.href).toBe(`${origin}/jobs?state=running`);
    expect(await bearerOf(session ?? "", now())).toMatchObject({ userName: "jane.doe", token: { kind: "session" } });

    const again = await continueWithProvider(provider, "248289761001", { preferred_username: "renamed" });
    expect(await bearerOf(again.session ?? "", now())).toMatchObject({ userName: "jane.doe" });
    const account = { userName: "jane.doe", fullName: "Jane Doe", passwordHash: null };
    expect(await accountOf("248289761001")).toEqual(account);
  });

  test("is led to a page whose query looks like a refusal", async () => {
    const { response, location, session } = await continueWithProvider(provider, "led", {}, "/x?csrf=true");
    expect([response.status, location.href]).toEqual([302, `${origin}/x?csrf=true`]);
    expect(await bearerOf(session ?? "", now())).toMatchObject({ token: { kind: "session" } });
  });

  test("never opens the account of somebody who has that name or e-mail address", async () => {
    const { session } = await continueWithProvider(provider, "somebody-else", {
      preferred_username: "olu",
      email: "olu@example.org",
    });
    expect(await bearerOf(session ?? "", now())).toMatchObject({ userName: "olu-2" });
  });

  test("cannot sign in to a disabled account, and the page says why", async () => {
    await continueWithProvider(provider, "disabled-person", { preferred_username: "dana" });
    await db.user.update({ where: { userName: "dana" }, data: { enabled: false } });
    const { location, session } = await continueWithProvider(provider, "disabled-person", {}, "/jobs");
    expect(session).toBeUndefined();
    expect(location.pathname + location.search).toBe("/sign-in?error=disabled&return=%2Fjobs");
    expect(await db.auditEvent.findFirst({ where: { action: "user.refuse-sign-in" } })).toMatchObject({
      subjectName: "dana",
      after: { reason: "disabled" },
    });
  });

  test("begins no session in an account that is disconnected meanwhile", async () => {
    await continueWithProvider(provider, "leaving", { preferred_username: "leaving" });
    const browser = openBrowser();
    const back = await authenticate(await browser.urlOfProvider(), "leaving");
    const disconnect = ["UPDATE users SET external_identity = NULL WHERE user_name = 'leaving'"] as const;
    const { location, session } = await blockedBy([disconnect], () => browser.open(back));
    expect(session).toBeUndefined();
    expect(location.pathname + location.search).toBe("/sign-in?error=refused");
    expect(await db.token.count({ where: { owner: { userName: "leaving" } } })).toBe(1);
  });

  test("goes with the browser, unless staying signed in was chosen before this visit", async () => {
    const browser = openBrowser();
    const lineAfter = async (body: Record<string, string>) => {
      const { response } = await browser.open(await authenticate(await browser.urlOfProvider(body), "stays"));
      return response.headers.getSetCookie().find((each) => each.startsWith("tessera-session="));
    };
    expect(await lineAfter({})).not.toMatch(/Expires|Max-Age/i);
    expect(await lineAfter({ stay: "true" })).toMatch(/; Expires=/);
    expect(browser.cookies.get("tessera-stay")).toBeUndefined();
    browser.cookies.set("tessera-stay", "true");
    expect(await lineAfter({ stay: "false" })).not.toMatch(/Expires|Max-Age/i);
  });
});

describe("an answer that cannot be trusted is refused", () => {
  const refused = async (login: string, error: string, reason: RegExp) => {
    const logged = vi.spyOn(log, "error");
    const { location, session } = await continueWithProvider(provider, login, { name: "Mallory" });
    expect(session).toBeUndefined();
    expect(location.pathname + location.search).toBe(`/sign-in?error=${error}`);
    expect(await accountOf(login)).toBeNull();
    expect(logged.mock.calls).toEqual([
      [expect.objectContaining({ reason: expect.stringMatching(reason) }), "a sign-in failed"],
    ]);
  };

  test("with UserInfo about another person", async () => {
    provider.wrong.set("/me", { sub: "the-victim" });
    await refused("mallory", "refused", /^userinfo sub mismatch$/);
    expect(await accountOf("the-victim")).toBeNull();
  });

  test("with UserInfo about no person", async () => {
    provider.wrong.set("/me", { sub: undefined });
    await refused("mallory-2", "refused", /^userinfo sub mismatch$/);
  });

  test("with a state that was not asked for, and nothing of it is logged", async () => {
    const logged = vi.spyOn(log, "error");
    const browser = openBrowser();
    const back = new URL(await authenticate(await browser.urlOfProvider(), "forged"));
    back.searchParams.set("state", "forged-state");
    const { location, session } = await browser.open(back.href);
    expect(session).toBeUndefined();
    expect(location.searchParams.get("error")).toBe("refused");
    expect(logged.mock.calls).toMatchObject([
      [{ code: "OAUTH_CALLBACK_ERROR", reason: "state mismatch" }, "a sign-in failed"],
    ]);
    expect(JSON.stringify(logged.mock.calls)).not.toContain(back.searchParams.get("code"));
  });

  test.each(["iss", "state"])("without its %s", async (name) => {
    const browser = openBrowser();
    const back = new URL(await authenticate(await browser.urlOfProvider(), "incomplete"));
    back.searchParams.delete(name);
    const { location, session } = await browser.open(back.href);
    expect(session).toBeUndefined();
    expect(location.searchParams.get("error")).toBe("refused");
  });

  test("in another browser than the one that asked", async () => {
    const back = await authenticate(await openBrowser().urlOfProvider(), "stolen-code");
    const { location, session } = await openBrowser().open(back);
    expect(session).toBeUndefined();
    expect(location.searchParams.get("error")).toBe("refused");
  });
});

const discovery = "/.well-known/openid-configuration";

describe("strangers cannot make this server ask the provider", () => {
  const countAsked = () => {
    const asked = vi.spyOn(globalThis, "fetch");
    return () => asked.mock.calls.filter(([url]) => url === provider.issuer + discovery).length;
  };

  test.each([
    ["without a cookie", null],
    ["with a cookie of their own", "junk"],
  ])("by coming back %s", async (_, state) => {
    const browser = openBrowser();
    if (state) browser.cookies.set("tessera-state", state);
    const asked = countAsked();
    const { location } = await browser.open(`${origin}/api/auth/callback/oidc?code=x&state=${state}`);
    expect(location.pathname + location.search).toBe("/sign-in?error=refused");
    expect(asked()).toBe(0);
  });

  test("by setting out without a CSRF token", async () => {
    const asked = countAsked();
    expect((await openBrowser().postAsIs("signin/oidc", { csrfToken: "0".repeat(64) })).status).toBe(403);
    expect(asked()).toBe(0);
  });

  test("more than once at a time", async () => {
    const asked = countAsked();
    const found = await Promise.all(Array.from({ length: 20 }, () => discoverProvider(provider.issuer)));
    expect([asked(), new Set(found.map(({ issuer }) => issuer))]).toEqual([1, new Set([provider.issuer])]);
    await discoverProvider(provider.issuer);
    expect(asked()).toBe(2);
  });

  test("or fill the log", async () => {
    const logged = vi.spyOn(log, "error");
    const back = () => openBrowser().open(`${origin}/api/auth/callback/oidc?error=server_error&state=x`);
    await Promise.all(Array.from({ length: 30 }, back));
    for (let times = 0; times < failuresLoggedMax; times++) logFailure("again");
    expect(logged.mock.calls.length).toBeLessThanOrEqual(failuresLoggedMax);
    const later = performance.now() + minutes(1);
    vi.spyOn(performance, "now").mockReturnValue(later);
    await back();
    expect(logged.mock.lastCall?.[0]).toMatchObject({ omitted: expect.any(Number) });
    logFailure("and on");
    expect(logged.mock.lastCall?.[0]).toEqual({ code: "IDENTITY_PROVIDER", reason: "and on" });
  });
});

describe("a provider that calls itself otherwise", () => {
  test.each(["http://127.0.0.1:1", "https://evil.example"])("as %s is not asked for anybody", async (issuer) => {
    const browser = openBrowser();
    const back = await authenticate(await browser.urlOfProvider(), "mixed-up");
    provider.wrong.set(discovery, { issuer });
    const logged = vi.spyOn(log, "error");
    const { location, session } = await browser.open(back);
    expect(session).toBeUndefined();
    expect(location.search).toBe("?error=misconfigured");
    const answer = await browser.post("signin/oidc", {});
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("Contact an administrator") });
    const line = { reason: `The provider calls itself "${issuer}", but TESSERA_OIDC_ISSUER is ${provider.issuer}.` };
    expect(logged.mock.calls.map(([first]) => first)).toMatchObject([line, line]);
  });

  test.each([{ token_endpoint: undefined }, { authorization_endpoint: "javascript:alert(1)" }, { jwks_uri: 7 }])(
    "with %j is not asked either",
    async (members) => {
      provider.wrong.set(discovery, members);
      const logged = vi.spyOn(log, "error");
      expect((await openBrowser().post("signin/oidc", {})).status).toBe(503);
      const wrong = expect.stringContaining(Object.keys(members)[0] as string);
      expect(logged.mock.calls.map(([line]) => line)).toMatchObject([{ reason: wrong }]);
    },
  );
});

describe("what keeps a person from signing in is a page with words", () => {
  /** Goes to the provider, and comes back after `change`. */
  async function comeBackAfter(change: () => Promise<unknown>) {
    const browser = openBrowser();
    const back = await authenticate(await browser.urlOfProvider({ callbackUrl: "/jobs" }), "late");
    await change();
    const logged = vi.spyOn(log, "error");
    const { response, location, session } = await browser.open(back);
    expect(response.status).toBe(302);
    expect(session).toBeUndefined();
    for (const [line] of logged.mock.calls) expect(Object.keys(line as object)).toEqual(["code", "reason"]);
    return { location, lines: logged.mock.calls.map(([line]) => line) };
  }

  test("when the provider is down", async () => {
    const { location, lines } = await comeBackAfter(() => provider.goDown());
    expect(location.pathname + location.search).toBe("/sign-in?error=unreachable&return=%2Fjobs");
    expect(lines).toMatchObject([{ reason: expect.stringMatching(/did not answer .*ECONNREFUSED/) }]);
    const answer = await openBrowser().post("signin/oidc", {});
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: "Acme ID can't be reached at the moment. Try again later." });
    await provider.comeBack();
  });

  test.each(["/token", "/me", "/jwks"])("when only its %s is down", async (path) => {
    const { location, lines } = await comeBackAfter(async () => provider.failing.add(path));
    provider.failing.clear();
    expect(location.search).toBe("?error=unreachable&return=%2Fjobs");
    expect(lines).toHaveLength(1);
  });

  const gone = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

  test("when the database is down", async () => {
    const { location, lines } = await comeBackAfter(async () => {
      vi.spyOn(pool(), "query").mockRejectedValue(gone as never);
    });
    expect(location.search).toBe("?error=unavailable&return=%2Fjobs");
    expect(lines).toHaveLength(1);
  });

  test("when the database goes down meanwhile", async () => {
    const connect = pool().connect.bind(pool());
    const { location, lines } = await comeBackAfter(async () => {
      // Queries connect with a callback, transactions without.
      const connectForQueries = (callback?: never) => (callback ? connect(callback) : Promise.reject(gone));
      vi.spyOn(pool(), "connect").mockImplementation(connectForQueries as never);
    });
    expect(location.search).toBe("?error=unavailable&return=%2Fjobs");
    expect(lines).toHaveLength(1);
  });

  test("when they cancel, which is no error in the log", async () => {
    const logged = vi.spyOn(log, "error");
    const { location } = await openBrowser().open(
      `${origin}/api/auth/callback/oidc?error=access_denied&error_description=End-User+aborted&state=x`,
    );
    expect(location.pathname + location.search).toBe("/sign-in?error=cancelled");
    expect(logged).not.toHaveBeenCalled();
  });

  test.each([
    ["server_error", "unreachable"],
    ["temporarily_unavailable", "unreachable"],
    ["invalid_scope", "misconfigured"],
    ["login_required", "refused"],
    ["<script>", "refused"],
  ])("when the provider answers %s", async (error, failure) => {
    const logged = vi.spyOn(log, "error");
    const query = new URLSearchParams({ error, error_description: "words" });
    const { location } = await openBrowser().open(`${origin}/api/auth/callback/oidc?${query}`);
    expect(location.search).toBe(`?error=${failure}`);
    expect(logged.mock.calls).toEqual([[{ code: "IDENTITY_PROVIDER", reason: `${error}: words` }, "a sign-in failed"]]);
  });
});
