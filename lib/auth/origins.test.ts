import { beforeEach, describe, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());

const from = (headers: Record<string, string>) => new Headers(headers);

describe("without TESSERA_BASE_URL", () => {
  test("the names of this machine are ours, at our port", async () => {
    const { ownOrigins, originOf, isFromOwnPage } = await import("./origins");
    expect(ownOrigins()).toEqual(["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"]);
    expect(originOf(from({ host: "127.0.0.1:3000" }))).toBe("http://127.0.0.1:3000");
    expect(originOf(from({ host: "evil.example" }))).toBe("http://localhost:3000");
    expect(isFromOwnPage(from({ origin: "http://127.0.0.1:3000" }))).toBe(true);
    expect(isFromOwnPage(from({ origin: "http://evil.example", host: "evil.example" }))).toBe(false);
    expect(isFromOwnPage(from({}))).toBe(false);
  });
});

describe("with an https TESSERA_BASE_URL", () => {
  beforeEach(() => void vi.stubEnv("TESSERA_BASE_URL", "https://tessera.example.org"));

  test("it is our only origin, and the Host header is ignored", async () => {
    const { ownOrigins, originOf, isFromOwnPage } = await import("./origins");
    expect(ownOrigins()).toEqual(["https://tessera.example.org"]);
    expect(originOf(from({ host: "localhost:3000" }))).toBe("https://tessera.example.org");
    expect(isFromOwnPage(from({ origin: "http://localhost:3000" }))).toBe(false);
  });

  test("cookies are bound to the host and to https", async () => {
    const { sessionCookieName } = await import("./origins");
    expect(sessionCookieName()).toBe("__Host-tessera-session");
    const { answerAuth } = await import("./handler");
    const csrf = {
      method: "GET",
      segments: ["csrf"],
      query: {},
      body: {},
      headers: new Headers(),
      now: new Date(),
    } as const;
    const cookies = (await answerAuth({ ...csrf, segments: ["csrf"] })).headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies)
      expect(cookie).toMatch(/^__Host-tessera-\w+=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });
});

describe("a page of the same site", () => {
  test.each([
    ["its browser says that it has the same origin", { "sec-fetch-site": "same-origin" }, true],
    [
      "its browser says that it has the same site",
      { "sec-fetch-site": "same-site", origin: "https://a.example.org" },
      true,
    ],
    [
      "its browser says that it is foreign",
      { "sec-fetch-site": "cross-site", origin: "http://here", host: "here" },
      false,
    ],
    ["nothing says where it comes from", { host: "localhost:3000" }, false],
    [
      "it comes by plain http from the host that it asks",
      { origin: "http://192.0.2.7:3000", host: "192.0.2.7:3000" },
      true,
    ],
    ["it comes by plain http from another host", { origin: "http://192.0.2.8:3000", host: "192.0.2.7:3000" }, false],
    ["its origin is hidden", { origin: "null", host: "null" }, false],
  ])("is told when %s", async (_, headers, expected) => {
    const { isFromSameSite } = await import("./origins");
    expect(isFromSameSite(new Headers(headers as Record<string, string>))).toBe(expected);
  });
});
