import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { castPassword, introduceCast } from "@/testing/cast";
import { type IdentityProvider, startIdentityProvider } from "@/testing/identity-provider";
import { authenticate, continueWithProvider, openBrowser, origin } from "@/testing/provider-browser";
import { bearerOf } from "@/testing/tokens";
import { now } from "../clock";
import { db } from "../db";

let provider: IdentityProvider;

beforeAll(async () => {
  provider = await startIdentityProvider(origin);
  Object.assign(process.env, provider.settings);
  await introduceCast(now());
});
beforeEach(async () => void (await db.rateLimit.deleteMany()));
afterAll(() => provider.goDown());

describe("connecting an account with the provider", () => {
  async function signedIn(userName: "ada" | "olu" | "eve") {
    const browser = openBrowser();
    const answer = await browser.post("callback/credentials", { username: userName, password: castPassword });
    expect(answer.status).toBe(200);
    return browser;
  }

  const connect = { connect: "true", password: castPassword };
  const identityOf = async (userName: string) =>
    (await db.user.findUniqueOrThrow({ where: { userName } })).externalIdentity;

  test("by its owner, signed in and with the password, opens that account from then on", async () => {
    const browser = await signedIn("ada");
    const session = browser.cookies.get("tessera-session");
    const { location, session: after } = await browser.open(
      await authenticate(await browser.urlOfProvider(connect), "ada-at-acme"),
    );
    expect(location.pathname + location.search).toBe("/settings/account?provider=connected");
    expect(after).toBe(session);
    expect(await identityOf("ada")).toBe(`${provider.issuer}|ada-at-acme`);
    const events = await db.auditEvent.findMany({ where: { action: "user.connect-identity" } });
    expect(events).toMatchObject([
      { actorName: "ada", subjectName: "ada", after: { identity: `${provider.issuer}|ada-at-acme` } },
    ]);

    const later = await continueWithProvider(provider, "ada-at-acme", { preferred_username: "whatever" });
    expect(await bearerOf(later.session ?? "", now())).toMatchObject({ userName: "ada" });
    const again = await browser.open(await authenticate(await browser.urlOfProvider(connect), "ada-again"));
    expect(again.location.search).toBe("?provider=already");
    expect(await identityOf("ada")).toBe(`${provider.issuer}|ada-at-acme`);
  });

  test("needs a session and the password, and counts wrong ones", async () => {
    expect((await openBrowser().post("signin/oidc", connect)).status).toBe(401);
    const browser = await signedIn("olu");
    for (const password of ["", "not the harbour at noon"]) {
      const answer = await browser.post("signin/oidc", { connect: "true", password });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ field: "password" });
    }
    for (let tries = 0; tries < 4; tries++) await browser.post("signin/oidc", { connect: "true", password: "wrong" });
    expect((await browser.post("signin/oidc", connect)).status).toBe(429);
  });

  test("is refused when the person has another account", async () => {
    await continueWithProvider(provider, "has-an-account", { preferred_username: "other.account" });
    const browser = await signedIn("olu");
    const { location } = await browser.open(await authenticate(await browser.urlOfProvider(connect), "has-an-account"));
    expect(location.pathname + location.search).toBe("/settings/account?provider=taken");
    expect(await identityOf("olu")).toBeNull();
  });

  test("ends when they cancel, with words on the account page", async () => {
    const browser = await signedIn("olu");
    const state = new URL(await browser.urlOfProvider(connect)).searchParams.get("state");
    const { location } = await browser.open(`${origin}/api/auth/callback/oidc?error=access_denied&state=${state}`);
    expect(location.pathname + location.search).toBe("/settings/account?provider=cancelled");
    expect(browser.cookies.get("tessera-connect")).toBeUndefined();
  });

  test("is no sign-in and no connection when another session returns", async () => {
    const browser = await signedIn("olu");
    const back = await authenticate(await browser.urlOfProvider(connect), "someone-at-acme");
    await browser.post("callback/credentials", { username: "eve", password: castPassword });
    const { location } = await browser.open(back);
    expect(location.pathname + location.search).toBe("/settings/account?provider=refused");
    expect(await identityOf("olu")).toBeNull();
    expect(await identityOf("eve")).toBeNull();
    expect(await db.user.count({ where: { externalIdentity: { endsWith: "|someone-at-acme" } } })).toBe(0);
  });

  test("that was given up does not turn a later sign-in into one", async () => {
    const browser = await signedIn("olu");
    await browser.urlOfProvider(connect);
    const { location } = await browser.open(await authenticate(await browser.urlOfProvider(), "signs-in"));
    expect(location.pathname).toBe("/");
    expect(await identityOf("olu")).toBeNull();
    expect(await db.user.count({ where: { externalIdentity: { endsWith: "|signs-in" } } })).toBe(1);
  });

  test("of one person with two accounts at once succeeds for one", async () => {
    const browsers = [await signedIn("olu"), await signedIn("eve")];
    const backs = await Promise.all(
      browsers.map(async (browser) => authenticate(await browser.urlOfProvider(connect), "wanted-twice")),
    );
    const ends = await Promise.all(browsers.map((browser, index) => browser.open(backs[index] as string)));
    expect(ends.map(({ location }) => location.search).sort()).toEqual(["?provider=connected", "?provider=taken"]);
    expect(await db.user.count({ where: { externalIdentity: `${provider.issuer}|wanted-twice` } })).toBe(1);
  });
});
