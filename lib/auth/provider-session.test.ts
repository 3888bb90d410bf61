import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { castPassword, introduceCast } from "@/testing/cast";
import { type IdentityProvider, startIdentityProvider } from "@/testing/identity-provider";
import { continueWithProvider, type openBrowser, origin } from "@/testing/provider-browser";
import { bearerOf } from "@/testing/tokens";
import { now } from "../clock";
import { pool } from "../db";

let provider: IdentityProvider;

beforeAll(async () => {
  provider = await startIdentityProvider(origin);
  Object.assign(process.env, provider.settings);
  await introduceCast(now());
});
beforeEach(() => provider.wrong.clear());
afterAll(() => provider.goDown());

describe("signing out", () => {
  const signOut = async ({ post }: ReturnType<typeof openBrowser>): Promise<string> =>
    (await (await post("signout", {})).json()).url;

  test("goes on to the provider that began the session, which signs out there and leads back", async () => {
    const { browser, session } = await continueWithProvider(provider, "leaves", { name: "Lee" });
    const url = new URL(await signOut(browser));
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/session/end`);
    const { id_token_hint: hint = "", ...query } = Object.fromEntries(url.searchParams);
    expect(query).toEqual({ client_id: "tessera", post_logout_redirect_uri: `${origin}/sign-in`, state: "signed-out" });
    const claims = JSON.parse(Buffer.from(hint.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ iss: provider.issuer, sub: "leaves" });
    expect((await fetch(url)).status).toBe(200);
    await expect(bearerOf(session ?? "", now())).rejects.toMatchObject({ extra: { fault: "expired" } });
    expect(browser.cookies.get("tessera-provider")).toBeUndefined();
  });

  test("keeps the ID token in the browser alone, unreadable there", async () => {
    const { browser } = await continueWithProvider(provider, "private-person", { name: "Lee" });
    const kept = browser.cookies.get("tessera-provider") ?? "";
    expect(kept.split(".")).toHaveLength(5);
    expect(kept).not.toContain(Buffer.from(`"sub":"private-person"`).toString("base64url").slice(2, 20));
    const url = new URL(await signOut(browser));
    const hint = url.searchParams.get("id_token_hint") ?? "";
    const { rows } = await pool().query(
      "SELECT count(*)::int AS n FROM users u, tokens t, audit_events e WHERE (u::text || t::text || e::text) LIKE $1",
      [`%${hint.slice(-40)}%`],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  test("of a session that began with a password stays here, even after one of the provider", async () => {
    const { browser } = await continueWithProvider(provider, "shares-a-browser", { name: "Lee" });
    await browser.post("callback/credentials", { username: "ada", password: castPassword });
    expect(await signOut(browser)).toBe("/sign-in?reason=signed-out");
  });

  test("stays here with a provider that announces none", async () => {
    const { browser } = await continueWithProvider(provider, "no-logout", { name: "Lee" });
    provider.wrong.set("/.well-known/openid-configuration", { end_session_endpoint: undefined });
    expect(await signOut(browser)).toBe("/sign-in?reason=signed-out");
  });

  test("works while the provider is down, and says so", async () => {
    const { browser, session } = await continueWithProvider(provider, "left-alone", { name: "Lee" });
    await provider.goDown();
    expect(await signOut(browser)).toBe("/sign-in?reason=signed-out-here");
    await provider.comeBack();
    await expect(bearerOf(session ?? "", now())).rejects.toMatchObject({ extra: { fault: "expired" } });
  });
});
