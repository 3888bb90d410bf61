import { describe, expect, test } from "vitest";
import { actorOf, credentialOf } from "./credentials";
import { returnPath, returnPathOf } from "./return-path";

const value = `tsa_${"a".repeat(46)}`;
const request = (headers: Record<string, string>, path = "/api/v1/jobs") => ({
  headers: new Headers(headers),
  url: `http://localhost:3000${path}`,
});

describe("the credential of a request", () => {
  test.each([`Bearer ${value}`, `bearer   ${value}`, `fmetoken token=${value}`, `FMEToken token = ${value}`])(
    "comes in the header: %s",
    (authorization) => {
      expect(credentialOf(request({ authorization }))).toEqual({ value, from: "header" });
    },
  );

  test("in a malformed header is one that is not good, not none", () => {
    for (const authorization of ["Bearer", "Bearer a b", "fmetoken x", `Bearer ${value}, Bearer ${value}`]) {
      expect(credentialOf(request({ authorization, cookie: `tessera-session=${value}` }))?.value).toBe("");
    }
  });

  test("in the header goes before the cookie; a scheme of somebody else's does not", () => {
    const cookie = `theme=dark; tessera-session=${value}; x=y`;
    expect(credentialOf(request({ cookie }))).toEqual({ value, from: "cookie" });
    expect(credentialOf(request({ cookie, authorization: "Bearer other" }))).toEqual({
      value: "other",
      from: "header",
    });
    expect(credentialOf(request({ cookie, authorization: "Basic eDp5" }))).toEqual({ value, from: "cookie" });
  });

  test("comes in the URL only where that is allowed", () => {
    for (const name of ["token", "fmetoken"]) {
      const inUrl = request({}, `/api/v1/x?${name}=${value}`);
      expect(credentialOf(inUrl)).toBeNull();
      expect(credentialOf(inUrl, true)).toEqual({ value, from: "url" });
    }
  });

  test("is refused when header and URL do not agree, and counts as in the URL when they do", () => {
    const both = (token: string) => request({ authorization: `Bearer ${value}` }, `/api/v1/x?fmetoken=${token}`);
    expect(credentialOf(both(value), true)).toEqual({ value, from: "url" });
    expect(() => credentialOf(both("other"), true)).toThrow("not valid");
    expect(() => credentialOf(request({}, "/api/v1/x?token=a&fmetoken=b"), true)).toThrow("not valid");
  });

  test("is none when there is none", () => {
    expect(credentialOf(request({ cookie: "tessera-session=; other=1; tessera-sessions=x" }))).toBeNull();
  });
});

describe("a session", () => {
  const session = `tss_${"b".repeat(46)}`;

  test.each<[string, Record<string, string>, string?]>([
    ["is no Bearer token", { authorization: `Bearer ${session}` }],
    ["is no fmetoken", { authorization: `fmetoken token=${session}` }],
    ["is not taken from the URL", {}, `/api/v1/x?token=${session}`],
    [
      "is no Bearer token beside itself as a cookie",
      { authorization: `Bearer ${session}`, cookie: `tessera-session=${session}` },
    ],
    ["is all that a cookie carries", { cookie: `tessera-session=${value}` }],
  ])("%s", async (_, headers, path) => {
    // Refused before the database is asked, of which this test has none.
    await expect(actorOf(request(headers, path), { allowUrlToken: true })).rejects.toMatchObject({
      code: "unauthenticated",
      extra: { fault: "invalid" },
    });
  });
});

describe("the way back after signing in", () => {
  test.each(["/settings/tokens?state=expired&q=a%20b#x", "/workspaces/Samples/nearby-earthquakes", "/"])(
    "is %s",
    (path) => {
      expect(returnPath(path)).toBe(path);
    },
  );

  test.each([
    null,
    "",
    "settings",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "/a\\..\\..",
    "/\t/evil.example",
    "/\n/evil.example",
    "/./\u0000",
    "/.//evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/sign-in?return=/sign-in",
    "/api/auth/signout",
    `/${"a".repeat(2001)}`,
  ])("is never %j", (wish) => {
    expect(returnPath(wish)).toBe("/");
  });

  test("forgets what the router added, and takes the path of next-auth's address", () => {
    expect(returnPath("/jobs?state=running&_rsc=abc")).toBe("/jobs?state=running");
    expect(returnPathOf({ callbackUrl: "http://localhost:3000/jobs", error: "OAuthCallback" })).toBe("/jobs");
    expect(returnPathOf({ callbackUrl: "http://localhost:3000//evil.example" })).toBe("/");
    expect(returnPathOf({ return: ["/a", "/b"] })).toBe("/");
  });
});
