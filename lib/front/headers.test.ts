import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { rejectMalformed } from "./malformed-request";
import { sanitizeRequest } from "./request-headers";
import { allowFraming, applySecurityHeaders, appPageOf } from "./security-headers";

function exchange(url: string, headers: Record<string, string> = {}) {
  const sent: Record<string, unknown> = {};
  const request = {
    url,
    headers: { ...headers },
    rawHeaders: Object.entries(headers).flat(),
  } as unknown as IncomingMessage;
  const response = {
    setHeader: (name: string, value: unknown) => void Object.assign(sent, { [name]: value }),
    getHeader: (name: string) => sent[name],
    removeHeader: (name: string) => void Reflect.deleteProperty(sent, name),
    writeHead: (status: number, more: object) => void Object.assign(sent, { status }, more),
    end: (body: string) => void Object.assign(sent, { body }),
  } as unknown as ServerResponse;
  return { request, response, sent };
}

const policyFor = (url: string, https = false) => {
  const { request, response, sent } = exchange(url, { "content-security-policy-report-only": "script-src 'nonce-x'" });
  applySecurityHeaders(request, response, https);
  return { sent, policy: String(sent["Content-Security-Policy"]), request };
};

describe("every answer", () => {
  test("lets only scripts with this request's nonce run, and no site frame it", () => {
    const { policy, request } = policyFor("/");
    const script = policy.split("; ").find((directive) => directive.startsWith("script-src "));
    expect(script).toMatch(/^script-src 'nonce-[A-Za-z0-9+/]{24}' 'strict-dynamic'$/);
    for (const part of ["frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'"]) {
      expect(policy.split("; ")).toContain(part);
    }
    expect(request.headers["content-security-policy"]).toBe(policy);
    expect(request.headers["content-security-policy-report-only"]).toBeUndefined();
    expect(policyFor("/").policy).not.toBe(policy);
  });

  test("may be framed by the origins that were listed, and by no other", () => {
    const { request, response, sent } = exchange("/a/quakes");
    applySecurityHeaders(request, response, false);
    allowFraming(response, []);
    expect(sent).toMatchObject({ "X-Frame-Options": "DENY" });
    allowFraming(response, ["https://a.example", "http://localhost:8080"]);
    const directives = String(sent["Content-Security-Policy"]).split("; ");
    expect(directives.filter((each) => each.startsWith("frame-ancestors"))).toEqual([
      "frame-ancestors https://a.example http://localhost:8080",
    ]);
    expect(sent).not.toHaveProperty("X-Frame-Options");
  });

  test("runs text as code only for development's reload", () => {
    vi.stubEnv("NODE_ENV", "development");
    expect(policyFor("/").policy).toContain("'unsafe-eval'");
    vi.stubEnv("NODE_ENV", "production");
    expect(policyFor("/").policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
  });

  test("lets Sonner, which knows no nonce, add the style sheet it has, and no other", () => {
    const source = readFileSync("node_modules/sonner/dist/index.mjs", "utf8");
    const sheets = [...source.matchAll(/^__insertCSS\((".*?")\);$/gm)].map(([, text = ""]) => JSON.parse(text));
    const digests = ["", ...sheets].map((sheet) => createHash("sha256").update(sheet).digest("base64"));
    const hashes = [...policyFor("/").policy.matchAll(/'sha256-([^']+)'/g)].map((match) => match[1]);
    expect(sheets).toHaveLength(1);
    expect(hashes).toEqual(digests);
  });

  test("binds browsers to https only where https is", () => {
    expect(policyFor("/").sent).not.toHaveProperty("Strict-Transport-Security");
    expect(policyFor("/", true).sent["Strict-Transport-Security"]).toBe("max-age=63072000");
    const { request, response, sent } = exchange("/");
    applySecurityHeaders(request, response, true, true);
    expect(sent["Strict-Transport-Security"]).toBe("max-age=63072000; includeSubDomains");
  });

  test("never lets an address with a token in it travel on", () => {
    expect(policyFor("/settings?q=token").sent["Referrer-Policy"]).toBe("same-origin");
    for (const url of ["/api/v1/x?token=1", "/api/v1/x?a=1&fmetoken=2", "/x?%74oken=1"]) {
      expect(policyFor(url).sent["Referrer-Policy"]).toBe("no-referrer");
    }
  });
});

test("only the page of an app asks for its frames", () => {
  expect(["/a/quakes", "/a/quakes?_rsc=1"].map(appPageOf)).toEqual(["quakes", "quakes"]);
  for (const url of ["/a", "/a/", "/a/x/y", "/a/%71uakes", "/A/quakes", "/apps/quakes", "/x?/a/quakes", "//a/quakes"]) {
    expect(appPageOf(url)).toBeNull();
  }
});

describe("a request", () => {
  test("loses what a stranger wrote into internal headers", () => {
    const stranger = {
      "x-tessera-address": "6.6.6.6",
      "x-tessera-user": "root",
      "x-middleware-subrequest": "x",
      "x-matched-path": "/",
      "x-request-id": "mine",
      accept: "text/html",
    };
    const { request } = exchange("/settings/tokens?state=active&token=tsa_secret&%74oken=b", stranger);
    sanitizeRequest(request, "192.0.2.1");
    expect(request.headers).toEqual({
      accept: "text/html",
      "x-request-id": expect.stringMatching(/^[\w-]{36}$/),
      "x-tessera-address": "192.0.2.1",
      "x-tessera-path": "/settings/tokens?state=active",
    });
  });

  test("for a part of a file is answered without compression, which would change what Range counts", () => {
    const offered = { "accept-encoding": "gzip, br" };
    for (const [headers, kept] of [
      [{ ...offered, range: "bytes=0-9" }, undefined],
      [offered, "gzip, br"],
    ] as const) {
      const { request } = exchange("/api/v1/jobs/1/result", headers);
      sanitizeRequest(request, "192.0.2.1");
      expect(request.headers["accept-encoding"]).toBe(kept);
    }
  });

  test("for a path that cannot be decoded is answered 404", () => {
    for (const url of ["/api/v1/%zz", "/%ff", "/api/%", "/a%00b"]) {
      const { request, response, sent } = exchange(url);
      expect(rejectMalformed(request, response, false)).toBe(true);
      expect(sent).toMatchObject({ status: 404, "Content-Type": "application/problem+json" });
      expect(JSON.parse(String(sent.body)).status).toBe(404);
    }
    for (const url of ["/api/v1/a%2Fb", "/?q=%zz", "/%C3%A9"]) {
      const { request, response } = exchange(url);
      expect(rejectMalformed(request, response, false)).toBe(false);
    }
  });
});
