import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository } from "@/lib/repositories/commands";
import { freePort } from "@/lib/server/database";
import { actorOf, introduceCast } from "@/testing/cast";
import { Client } from "@/testing/client";
import { findProgram, type Program } from "@/testing/debian-program";
import { type Instance, startInstance } from "@/testing/instance";
import { prepareApache, type ReverseProxy, startProxy } from "@/testing/proxy";
import { startTlsFront } from "@/testing/tls-front";
import { makeToken } from "@/testing/tokens";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const example = "apache-introspection.conf";
const apache = existsSync("/usr/bin/openssl") ? await findProgram("apache2") : "openssl is not installed.";
if (typeof apache === "string") console.warn(`docs/examples/${example} is not tested: ${apache}`);

describe.skipIf(typeof apache === "string")("behind Apache, as docs/examples configures it, a program", () => {
  const reached: IncomingHttpHeaders[] = [];
  let program: Server;
  let tessera: Instance;
  let front: Awaited<ReturnType<typeof startTlsFront>>;
  let client: Client;
  let proxy: ReverseProxy;
  let origin: string;
  let ada: Actor;

  beforeAll(async () => {
    await introduceCast(new Date());
    await createRepository(await actorOf("ada", new Date()), { name: "Reports", description: "" });
    ada = await actorOf("ada", new Date());
    program = createServer((incoming, outgoing) => {
      reached.push(incoming.headers);
      outgoing.end("from the program");
    });
    program.listen(0, "127.0.0.1");
    await once(program, "listening");
    tessera = await startInstance("tessera");
    front = await startTlsFront(tessera.origin);
    client = new Client(tessera.origin);
    const port = await freePort(0);
    origin = `http://127.0.0.1:${port}`;
    const { path, env } = apache as Program;
    const own = await makeToken(ada, { permissions: [] });
    proxy = await startProxy(
      { path, env: { ...env, TESSERA_TOKEN: own.value } },
      {
        example,
        replacements: {
          "Listen 8080": `Listen 127.0.0.1:${port}`,
          "*:8080": `127.0.0.1:${port}`,
          "https://tessera.example.org/api/v1/introspect": `${front.origin}/api/v1/introspect\nOIDCCABundlePath ${front.certificate}`,
          "127.0.0.1:8000": `127.0.0.1:${(program.address() as AddressInfo).port}`,
        },
        origin,
        prepare: prepareApache,
      },
    );
  });
  afterAll(async () => {
    await proxy.stop();
    client.close();
    await front.stop();
    await tessera.stop();
    program.close();
  });
  beforeEach(() => void reached.splice(0));

  /** One connection for each request, so that all processes of Apache take their turn. */
  const ask = (value: string, headers: Record<string, string> = {}, path = "/reports/may") =>
    fetch(origin + path, { headers: { Authorization: `Bearer ${value}`, Connection: "close", ...headers } });
  const statusOf = async (value: string) => (await ask(value)).status;
  const make = (...permissions: string[]) => makeToken(ada, { permissions });

  test("gets requests of tokens with the permission, with the user but without the token", async () => {
    const { token, value } = await make("repository/Reports:read", "jobs:access");
    const answer = await ask(value);
    expect([answer.status, await answer.text()]).toEqual([200, "from the program"]);
    expect(reached).toMatchObject([{ "x-user": "ada", "x-token-id": token.id }]);
    expect(JSON.stringify(reached)).not.toContain(value);
  });

  test("gets requests of tokens with a permission that includes it", async () => {
    for (const [user, status] of [
      ["root", 200],
      ["ada", 200],
      ["olu", 403],
    ] as const) {
      const { value } = await makeToken(await actorOf(user, new Date()), { allPermissions: true });
      expect([user, await statusOf(value)]).toEqual([user, status]);
    }
  });

  test("is not reached without a token, and the answer says how to present one", async () => {
    const { status, headers } = await fetch(`${origin}/reports/may`);
    expect([status, headers.get("www-authenticate")]).toEqual([401, expect.stringMatching(/^Bearer/)]);
    for (const wrong of ["junk", "tsa_wrong", `eyJ${"x".repeat(900)}`, "%00"]) expect(await statusOf(wrong)).toBe(401);
    const { value } = await make("repository/Reports:read");
    const basic = `Basic ${Buffer.from(`ada:${value}`).toString("base64")}`;
    for (const path of ["/", `/reports/may?access_token=${value}`]) {
      expect((await ask("", { Authorization: basic }, path)).status).toBe(401);
    }
    expect(reached).toEqual([]);
  });

  test("is not reached with a token for something else", async () => {
    for (const permissions of [[], ["jobs:access"], ["repository/Reports:publish"]]) {
      expect(await statusOf((await make(...permissions)).value)).toBe(403);
    }
    expect(reached).toEqual([]);
  });

  test("does not get headers about the user that a client has forged", async () => {
    const { token, value } = await make("repository/Reports:read");
    const forged = ["X-User", "X-Token-Id", "OIDC_CLAIM_username", "OIDC-CLAIM-username", "OIDC_access_token"];
    expect((await ask(value, Object.fromEntries(forged.map((name) => [name, "root"])))).status).toBe(200);
    expect(reached).toMatchObject([{ "x-user": "ada", "x-token-id": token.id }]);
    expect(JSON.stringify(reached)).not.toContain("root");
  });

  test("gets the identity although a client names its headers as those of the connection", async () => {
    const { token, value } = await make("repository/Reports:read");
    const headers = { Authorization: `Bearer ${value}`, Connection: "close, X-User, X-Token-Id" };
    const outgoing = request(`${origin}/reports/may`, { headers, agent: false }).end();
    const [response] = await once(outgoing, "response");
    expect([response.statusCode, (await response.toArray()).join("")]).toEqual([200, "from the program"]);
    expect(reached).toMatchObject([{ "x-user": "ada", "x-token-id": token.id }]);
  });

  test("is not reached from the moment a token is disabled, and again from the moment it is enabled", async () => {
    const { token, value } = await make("repository/Reports:read");
    const authorization = `Bearer ${(await makeToken(ada, { allPermissions: true })).value}`;
    const turn = (enabled: boolean) =>
      client.send("PATCH", `/api/v1/tokens/${token.id}`, { authorization, json: { enabled } });
    for (let round = 1; round <= 20; round++) {
      expect(await statusOf(value), `round ${round}`).toBe(200);
      expect((await turn(false)).status).toBe(200);
      expect(await statusOf(value), `round ${round}`).toBe(401);
      expect((await turn(true)).status).toBe(200);
    }
  });

  test("is not reached with a revoked token", async () => {
    const { value } = await make("repository/Reports:read");
    expect(await statusOf(value)).toBe(200);
    expect((await client.send("POST", "/api/v1/revoke", { form: { token: value } })).status).toBe(200);
    for (let asked = 0; asked < 10; asked++) expect(await statusOf(value)).toBe(401);
    expect(reached).toHaveLength(1);
  });

  test("is not reached while Tessera is down", async () => {
    const { value } = await make("repository/Reports:read");
    expect(await statusOf(value)).toBe(200);
    await tessera.stop();
    expect(await statusOf(value)).toBe(401);
    expect(reached).toHaveLength(1);
  });
});
