import { describe, expect, test, vi } from "vitest";
import { refuseForeignPage } from "./cross-site";

const cookie = { cookie: "tessera-session=tss_x" };
const change =
  (headers: Record<string, string>, method = "POST") =>
  () =>
    refuseForeignPage(new Request("http://localhost:3000/api/v1/tokens", { method, headers }));

describe("a change with the session cookie", () => {
  test.each(["http://localhost:3000", "http://127.0.0.1:3000"])("from our own page at %s passes", (origin) => {
    expect(change({ ...cookie, origin })).not.toThrow();
  });

  test.each([
    "https://evil.example",
    "null",
    "http://localhost:3001",
    "http://localhost:3000.evil.example",
    "https://localhost:3000",
  ])("from %s is refused, with any other headers", (origin) => {
    expect(change({ ...cookie, origin, "sec-fetch-site": "same-origin", host: "evil.example" })).toThrow(
      /TESSERA_BASE_URL/,
    );
  });

  test("without an Origin passes only if the browser says it is ours", () => {
    expect(change({ ...cookie, "sec-fetch-site": "same-origin" })).not.toThrow();
    for (const site of ["same-site", "cross-site", "none"]) {
      expect(change({ ...cookie, "sec-fetch-site": site })).toThrow(/set TESSERA_BASE_URL/);
    }
  });

  test("that says nothing of where it comes from is refused", () => {
    expect(change(cookie)).toThrow(/has no Origin header/);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])("is asked where it comes from with %s", (method) => {
    expect(change({ ...cookie, origin: "https://evil.example" }, method)).toThrow();
  });

  test("is not let through by a proxy's Basic credentials", () => {
    expect(change({ ...cookie, authorization: "Basic eA==", origin: "https://evil.example" })).toThrow();
  });
});

test("reading needs no page of ours", () => {
  expect(change({ ...cookie, origin: "https://other.example" }, "GET")).not.toThrow();
});

test("a token in the header needs no page of ours: no browser adds it on its own", () => {
  expect(change({ ...cookie, authorization: "Bearer tsa_x", origin: "https://other.example" })).not.toThrow();
});

test("with TESSERA_BASE_URL only that address is ours", async () => {
  vi.resetModules();
  vi.stubEnv("TESSERA_BASE_URL", "https://tessera.example.org");
  const { refuseForeignPage } = await import("./cross-site");
  const from = (origin: string) => () =>
    refuseForeignPage(
      new Request("http://10.0.0.1/x", { method: "POST", headers: { cookie: "__Host-tessera-session=tss_x", origin } }),
    );
  expect(from("https://tessera.example.org")).not.toThrow();
  expect(from("http://localhost:3000")).toThrow(/https:\/\/tessera\.example\.org/);
});
