import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createRepository } from "@/lib/repositories/commands";
import { freePort } from "@/lib/server/database";
import { actorOf, introduceCast } from "@/testing/cast";
import { Client } from "@/testing/client";
import { findProgram } from "@/testing/debian-program";
import { type Instance, startInstance } from "@/testing/instance";
import { prepareNginx, type ReverseProxy, startProxy } from "@/testing/proxy";
import { makeToken } from "@/testing/tokens";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const nginx = await findProgram("nginx");
if (typeof nginx === "string") console.warn(`docs/examples/nginx-auth-request.conf is not tested: ${nginx}`);

describe.skipIf(typeof nginx === "string")("behind nginx, as docs/examples configures it, a program", () => {
  const reached: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
  let program: Server;
  let tessera: Instance;
  let proxy: ReverseProxy;
  let port: number;
  let reader: { id: string; value: string };
  let publisher: { value: string };
  let stranger: { value: string };
  let asAda: string;

  beforeAll(async () => {
    const now = new Date();
    await introduceCast(now);
    const ada = await actorOf("ada", now);
    await createRepository(ada, { name: "Reports", description: "" });
    const token = async (...permissions: string[]) => {
      const { token, value } = await makeToken(await actorOf("ada", now), { permissions });
      return { id: token.id, value };
    };
    reader = await token("repository/Reports:read");
    publisher = await token("repository/Reports:read", "repository/Reports:publish");
    stranger = await token("jobs:access");
    asAda = `Bearer ${(await makeToken(ada, { allPermissions: true })).value}`;

    program = createServer(async (incoming, outgoing) => {
      const { url = "", headers } = incoming;
      reached.push({ url, headers, body: (await incoming.toArray()).join("") });
      outgoing.end("from the program");
    });
    program.listen(0, "127.0.0.1");
    await once(program, "listening");
    const rules = "docs/examples/authorize.yaml";
    const settings = { TESSERA_AUTHORIZE_RULES: rules, TESSERA_TRUSTED_PROXIES: "127.0.0.1" };
    tessera = await startInstance("tessera", { settings });
    port = (await freePort(0)) ?? 0;
    proxy = await startProxy(nginx as Exclude<typeof nginx, string>, {
      example: "nginx-auth-request.conf",
      replacements: {
        "127.0.0.1:3000": new URL(tessera.origin).host,
        "127.0.0.1:8000": `127.0.0.1:${(program.address() as AddressInfo).port}`,
        "listen 8080": `listen 127.0.0.1:${port}`,
      },
      origin: `http://127.0.0.1:${port}`,
      prepare: prepareNginx,
    });
  });
  afterAll(async () => {
    await proxy.stop();
    await tessera.stop();
    program.close();
  });

  /** Sends a request with exactly this path, which `fetch` would normalize. */
  async function send(path: string, headers: Record<string, string> = {}, method = "GET", body = "") {
    reached.length = 0;
    const outgoing = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
    outgoing.end(body);
    const [response] = await once(outgoing, "response");
    const text: string = (await response.toArray()).join("");
    return { status: response.statusCode as number, headers: response.headers as IncomingHttpHeaders, text };
  }

  const bearer = ({ value }: { value: string }) => ({ Authorization: `Bearer ${value}` });

  test("gets requests of users with the permission, with their name but without their token", async () => {
    expect(await send("/reports/may?page=2", bearer(reader))).toMatchObject({ status: 200, text: "from the program" });
    expect(reached).toHaveLength(1);
    expect(reached[0]).toMatchObject({
      url: "/reports/may?page=2",
      headers: { "x-user": "ada", "x-token-id": reader.id },
    });
    expect(reached[0]?.headers).not.toHaveProperty("authorization");
  });

  test("gets the body of a request", async () => {
    expect((await send("/reports/may", bearer(publisher), "PUT", "a report")).status).toBe(200);
    expect(reached[0]?.body).toBe("a report");
  });

  test("is not reached without a token, and the answer says how to present one", async () => {
    const { status, headers } = await send("/reports/may");
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toMatch(/^Bearer/);
    expect(reached).toHaveLength(0);
  });

  test.each([
    ["for another permission", "GET", "/reports/may", () => stranger],
    ["for reading, by a request to publish", "POST", "/reports/may", () => reader],
    ["on a path without a rule", "GET", "/elsewhere", () => publisher],
    ["on a path with encoded dots", "GET", "/reports/%2e%2e/elsewhere", () => publisher],
  ])("is not reached with a token %s", async (_, method, path, token) => {
    expect((await send(path, bearer(token()), method)).status).toBe(403);
    expect(reached).toHaveLength(0);
  });

  test("is not reached with forged headers of the request from nginx to Tessera", async () => {
    const forged = {
      "X-Original-URI": "/reports/may",
      "X-Original-Method": "GET",
      "X-Forwarded-Uri": "/reports/may",
      "X-Forwarded-Method": "GET",
      "X-Tessera-User": "root",
      "X-Tessera-Path": "/reports/may",
    };
    expect((await send("/elsewhere", { ...bearer(reader), ...forged })).status).toBe(403);
    expect((await send("/reports/may", { ...bearer(reader), ...forged }, "POST")).status).toBe(403);
    expect((await send("/reports/may", forged)).status).toBe(401);
    expect(reached).toHaveLength(0);
  });

  test("does not get identity headers that a client has forged", async () => {
    const forged = { "X-User": "root", "X-Token-Id": "1", "X-Tessera-User": "root", "X-Tessera-Permissions": "*" };
    expect((await send("/reports/may", { ...bearer(reader), ...forged })).status).toBe(200);
    expect(reached[0]?.headers).toMatchObject({ "x-user": "ada", "x-token-id": reader.id });
    expect(reached[0]?.headers).not.toHaveProperty("x-tessera-user");
    expect(reached[0]?.headers).not.toHaveProperty("x-tessera-permissions");
  });

  test("is not reached once the token is disabled", async () => {
    const client = new Client(tessera.origin);
    const change = (enabled: boolean) =>
      client.send("PATCH", `/api/v1/tokens/${reader.id}`, { authorization: asAda, json: { enabled } });
    expect((await send("/reports/may", bearer(reader))).status).toBe(200);
    expect((await change(false)).status).toBe(200);
    expect((await send("/reports/may", bearer(reader))).status).toBe(401);
    expect(reached).toHaveLength(0);
    expect((await change(true)).status).toBe(200);
    expect((await send("/reports/may", bearer(reader))).status).toBe(200);
    client.close();
  });

  test("is not reached while Tessera is down", async () => {
    await tessera.stop();
    const { status } = await send("/reports/may", bearer(reader));
    expect(status).toBeGreaterThanOrEqual(500);
    expect(reached).toHaveLength(0);
  });
});
