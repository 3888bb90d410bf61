import { createHash, createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { GET, POST } from "@/app/api/auth/[...nextauth]/route";
import { CookieJar } from "@/testing/cookie-jar";
import { bearerOf } from "@/testing/tokens";
import { now } from "../clock";
import { db, inTransaction } from "../db";
import { log } from "../log";
import { ensureRoles } from "../roles/roles";

const origin = "http://localhost:3000";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** The person that the provider authenticates next. */
let person: Record<string, string> = {};
/** What the last visit to its authorization endpoint asked for. */
let asked = new URLSearchParams();
let issuer: string;
let provider: Server;

/** A small OpenID Connect provider: discovery, keys, and tokens for `person`. */
function answer(path: string, body: string): object | null {
  if (path === "/.well-known/openid-configuration") {
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ["code"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
  }
  if (path === "/keys")
    return { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] };
  if (path !== "/token") return null;
  const verifier = new URLSearchParams(body).get("code_verifier") ?? "";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  if (challenge !== asked.get("code_challenge")) return { error: "invalid_grant" };
  return { access_token: "not-kept", token_type: "Bearer", id_token: idToken() };
}

function idToken(): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: "tessera", iat: seconds, exp: seconds + 60, nonce: asked.get("nonce"), ...person };
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");
  const signed = `${part({ alg: "RS256", kid: "1" })}.${part(claims)}`;
  return `${signed}.${createSign("sha256").update(signed).sign(privateKey, "base64url")}`;
}

beforeAll(async () => {
  provider = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    const answered = answer(new URL(request.url ?? "/", issuer).pathname, body);
    const status = answered === null ? 404 : "error" in answered ? 400 : 200;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answered));
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    TESSERA_OIDC_ISSUER: issuer,
    TESSERA_OIDC_CLIENT_ID: "tessera",
    TESSERA_OIDC_CLIENT_SECRET: "only-for-this-test",
  });
  await inTransaction(ensureRoles);
});

afterAll(() => new Promise((resolve) => provider.close(resolve)));

/** Goes the whole way: from the button to the provider and back. Answers the last response, and the cookies by then. */
async function continueWithProvider({
  returnTo = "/",
  state,
  stay,
  cookies = new CookieJar(),
}: {
  returnTo?: string;
  state?: string;
  stay?: string;
  cookies?: CookieJar;
} = {}) {
  const step = async (method: "GET" | "POST", path: string, body?: Record<string, string>) => {
    const headers = { host: "localhost:3000", origin, cookie: cookies.header() };
    const request = new Request(`${origin}/api/auth/${path}`, {
      method,
      headers,
      body: body && new URLSearchParams(body),
    });
    const context = { params: Promise.resolve({ nextauth: path.split("?")[0]?.split("/") }) };
    const response = await (method === "GET" ? GET : POST)(request, context);
    cookies.keep(response);
    return response;
  };
  const { csrfToken } = await (await step("GET", "csrf")).json();
  const { url } = await (
    await step("POST", "signin/oidc", { csrfToken, callbackUrl: returnTo, ...(stay && { stay }) })
  ).json();
  asked = new URL(url).searchParams;
  const query = new URLSearchParams({ code: "a-code", state: state ?? asked.get("state") ?? "", iss: issuer });
  return { response: await step("GET", `callback/oidc?${query}`), session: cookies.get("tessera-session"), url };
}

test("a person whom the provider has authenticated gets an account at the first sign-in, and the same one later", async () => {
  person = { sub: "248289761001", name: "Jane Doe", preferred_username: "Jané.Doe" };
  const { response, session, url } = await continueWithProvider({ returnTo: "/jobs?state=running" });
  expect(new URL(url).origin).toBe(issuer);
  expect(asked.get("redirect_uri")).toBe(`${origin}/api/auth/callback/oidc`);
  expect(response.status).toBe(302);
  expect(response.headers.get("location")).toBe(`${origin}/jobs?state=running`);
  expect(await bearerOf(session ?? "", now())).toMatchObject({ userName: "jane.doe", token: { kind: "session" } });

  person = { ...person, preferred_username: "renamed" };
  const again = await continueWithProvider();
  expect(await bearerOf(again.session ?? "", now())).toMatchObject({ userName: "jane.doe" });
  expect(await db.user.findMany({ select: { userName: true, passwordHash: true, externalIdentity: true } })).toEqual([
    { userName: "jane.doe", passwordHash: null, externalIdentity: `${issuer}|248289761001` },
  ]);
});

test("a name that somebody has already never opens that account", async () => {
  person = { sub: "somebody-else", preferred_username: "jane.doe" };
  const { session } = await continueWithProvider();
  expect(await bearerOf(session ?? "", now())).toMatchObject({ userName: "jane.doe-2" });
});

test("the session goes with the browser, unless staying signed in was chosen before the visit to the provider", async () => {
  const cookies = new CookieJar();
  const lineOf = (response: Response) =>
    response.headers.getSetCookie().find((each) => each.startsWith("tessera-session=")) ?? "";
  expect(lineOf((await continueWithProvider({ cookies })).response)).not.toMatch(/Expires|Max-Age/i);
  expect(lineOf((await continueWithProvider({ cookies, stay: "true" })).response)).toMatch(/; Expires=/);
  expect(cookies.get("tessera-stay")).toBeUndefined();
  expect(lineOf((await continueWithProvider({ cookies })).response)).not.toMatch(/Expires|Max-Age/i);
});

test("a choice to stay signed in does not count for a later visit to the provider", async () => {
  const cookies = new CookieJar();
  const given = await continueWithProvider({ cookies, stay: "true", state: "given up" });
  expect(given.session).toBeUndefined();
  cookies.set("tessera-stay", "true");
  const { response } = await continueWithProvider({ cookies, stay: "false" });
  expect(response.headers.getSetCookie().find((each) => each.startsWith("tessera-session="))).not.toContain("Expires");
});

test("a disabled account cannot sign in, and the page says why", async () => {
  await db.user.update({ where: { userName: "jane.doe-2" }, data: { enabled: false } });
  const { response, session } = await continueWithProvider();
  expect(await db.auditEvent.findFirst({ where: { action: "user.refuse-sign-in" } })).toMatchObject({
    subjectName: "jane.doe-2",
    after: { reason: "disabled" },
  });
  expect(session).toBeUndefined();
  expect(new URL(response.headers.get("location") ?? "", origin).searchParams.get("error")).toBe("AccessDenied");
});

test("an answer that was not asked for is refused, and logged without what it carried", async () => {
  const logged = vi.spyOn(log, "error");
  person = { sub: "attacker" };
  const { response, session } = await continueWithProvider({ state: "forged" });
  expect(session).toBeUndefined();
  expect(new URL(response.headers.get("location") ?? "", origin).searchParams.get("error")).toBe("OAuthCallback");
  expect(await db.user.count({ where: { externalIdentity: `${issuer}|attacker` } })).toBe(0);
  const [line] = logged.mock.calls;
  expect(line?.[0]).toMatchObject({ code: "OAUTH_CALLBACK_ERROR", reason: expect.stringMatching(/^state mismatch/) });
  expect(JSON.stringify(logged.mock.calls)).not.toContain("a-code");
});
