import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createRepository } from "@/lib/repositories/commands";
import { freePort } from "@/lib/server/database";
import { actorOf, introduceCast } from "@/testing/cast";
import { Client } from "@/testing/client";
import { findProgram, type Program } from "@/testing/debian-program";
import { type Instance, startInstance } from "@/testing/instance";
import { prepareCaddy, prepareNginx, type ReverseProxy, startProxy } from "@/testing/proxy";
import { makeToken } from "@/testing/tokens";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** Proxies with their file in docs/examples, and the text of it that says where they listen, with its replacement for a port. */
const proxies = [
  {
    name: "nginx",
    example: "nginx-auth-request.conf",
    listen: ["listen 8080", (port: number) => `listen 127.0.0.1:${port}`],
    prepare: prepareNginx,
  },
  {
    name: "caddy",
    example: "Caddyfile",
    listen: ["reports.example.org", (port: number) => `http://127.0.0.1:${port}`],
    prepare: prepareCaddy,
  },
] as const;

beforeAll(async () => {
  await introduceCast(new Date());
  await createRepository(await actorOf("ada", new Date()), { name: "Reports", description: "" });
});

for (const { name, example, listen, prepare } of proxies) {
  const found = await findProgram(name);
  if (typeof found === "string") console.warn(`docs/examples/${example} is not tested: ${found}`);

  describe.skipIf(typeof found === "string")(`behind ${name}, as docs/examples configures it, a program`, () => {
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
      const ada = await actorOf("ada", now);
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
      proxy = await startProxy(found as Program, {
        example,
        replacements: {
          "127.0.0.1:3000": new URL(tessera.origin).host,
          "127.0.0.1:8000": `127.0.0.1:${(program.address() as AddressInfo).port}`,
          [listen[0]]: listen[1](port),
        },
        origin: `http://127.0.0.1:${port}`,
        prepare,
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
      expect(await send("/reports/may?page=2", bearer(reader))).toMatchObject({
        status: 200,
        text: "from the program",
      });
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

    test("is not reached with forged headers of the request to Tessera", async () => {
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

    const sent = (method: string) => async (path: string) => (await send(path, bearer(reader), method)).status;

    test.each([
      "?permission=repository/Reports:read",
      "?permission=repository%2FReports:read&x=1",
      "?x=1&%70ermission=jobs:access",
    ])("is not reached by a client that names the permission: %s", async (query) => {
      for (const method of ["DELETE", "POST", "PUT", "PATCH"])
        expect(await sent(method)(`/reports/may${query}`)).toBe(403);
      expect(await sent("GET")(`/elsewhere${query}`)).toBe(403);
      expect(reached).toHaveLength(0);
      expect((await send(`/reports/may${query}`, bearer(reader))).status).toBe(200);
      expect(reached.map(({ url }) => url)).toEqual([`/reports/may${query}`]);
    });

    test("gets whatever query its client sends, which decides about nothing", async () => {
      for (const query of ["?", "?a=1&a=2", "?constructor=1", "?token=x", "?x=/../y", "?uri=/reports/may&method=GET"]) {
        expect((await send(`/reports/may${query}`, bearer(reader))).status, query).toBe(200);
        expect(await sent("DELETE")(`/reports/may${query}`), query).toBe(403);
      }
    });

    test("is not reached by a path that it might read differently", async () => {
      const token = bearer(publisher);
      for (const path of [
        ...["//reports/may", "/reports//may", "/reports/..%2felsewhere", "/reports/%2e%2e/elsewhere", "/reports/a%2fb"],
        ...[
          "/reports/a%5cb",
          "/reports/may;x=1",
          "/reports/%00",
          "/reports/may%23x",
          "/reports/../elsewhere",
          "/%72eports//x",
        ],
      ]) {
        expect((await send(path, token)).status, path).toBeGreaterThanOrEqual(400);
      }
      expect(reached).toHaveLength(0);
    });

    test("is not reached by methods that the rules do not list", async () => {
      for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
        expect(await sent(method)("/reports/may"), method).toBeGreaterThanOrEqual(400);
      }
      const overridden = { ...bearer(reader), "X-HTTP-Method-Override": "GET", "X-Method-Override": "GET" };
      expect((await send("/reports/may", overridden, "DELETE")).status).toBe(403);
      expect(reached).toHaveLength(0);
    });

    test("does not get identity headers that a client has forged", async () => {
      const forged = { "X-User": "root", "X-Token-Id": "1", "X-Tessera-User": "root", "X-Tessera-Permissions": "*" };
      expect((await send("/reports/may", { ...bearer(reader), ...forged })).status).toBe(200);
      expect(reached[0]?.headers).toMatchObject({ "x-user": "ada", "x-token-id": reader.id });
      expect(reached[0]?.headers).not.toHaveProperty("x-tessera-user");
      expect(reached[0]?.headers).not.toHaveProperty("x-tessera-permissions");
    });

    test("gets the identity although a client names its headers as those of the connection", async () => {
      for (const names of ["X-User, X-Token-Id", "close, X-User", "x-token-id", "X-Forwarded-Uri, X-Original-URI"]) {
        expect((await send("/reports/may", { ...bearer(reader), Connection: names })).status, names).toBe(200);
        expect(reached.at(-1)?.headers, names).toMatchObject({ "x-user": "ada", "x-token-id": reader.id });
        expect((await send("/reports/may", { ...bearer(reader), Connection: names }, "DELETE")).status, names).toBe(
          403,
        );
      }
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
}
