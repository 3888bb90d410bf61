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
