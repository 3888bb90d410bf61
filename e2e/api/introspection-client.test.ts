import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProgram } from "@/docs/examples/introspection.mjs";
import { createHttpServer, type HttpServer } from "@/lib/front/http-server";
import type { Actor } from "@/lib/permissions/actor";
import { createRepository } from "@/lib/repositories/commands";
import { freePort } from "@/lib/server/database";
import { editToken } from "@/lib/tokens/commands";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";

// docs/examples/introspection.mjs as it is, with its libraries, against a real server.

const port = (await freePort(0)) ?? 0;
const url = `http://127.0.0.1:${port}`;
process.env.TESSERA_BASE_URL = url;

let door: HttpServer;
let ada: Actor;
let own: { id: string; value: string };

beforeAll(async () => {
  await introduceCast(new Date());
  await createRepository(await actorOf("ada", new Date()), { name: "Reports", description: "" });
  ada = await actorOf("ada", new Date());
  own = await create();
  door = createHttpServer(async (_, response) => void response.writeHead(404).end());
  door.server.listen(port, "127.0.0.1");
  await once(door.server, "listening");
});
afterAll(() => door.stop());

async function create(...permissions: string[]): Promise<{ id: string; value: string }> {
  const { token, value } = await makeToken(ada, { permissions });
  return { id: token.id, value };
}

describe.each(["basic", "post"] as const)("a program with openid-client and client_secret_%s", (method) => {
  test("lets in whom the token permits, as long as it does", async () => {
    const program = await createProgram({ url, token: own.value, method });
    const ask = async (presented?: string, way = "GET", path = "/reports") => {
      const headers = presented === undefined ? {} : { Authorization: `Bearer ${presented}` };
      const answer = await program.request(path, { method: way, headers: headers as Record<string, string> });
      return [answer.status, await answer.text()];
    };
    const reader = await create("repository/Reports:read");
    expect(await ask(reader.value)).toEqual([200, "Reports for ada"]);
    expect((await ask((await create("jobs:access")).value))[0]).toBe(403);
    for (const name of ["ada", "root"] as const) {
      const { value } = await makeToken(await actorOf(name, new Date()), { allPermissions: true });
      expect(await ask(value)).toEqual([200, `Reports for ${name}`]);
    }
    const { value: stranger } = await makeToken(await actorOf("eve", new Date()), { allPermissions: true });
    expect((await ask(stranger))[0]).toBe(403);
    for (const wrong of [undefined, "junk", `eyJ${"x".repeat(900)}`, "%00"]) expect((await ask(wrong))[0]).toBe(401);

    await editToken(ada, reader.id, { enabled: false });
    expect((await ask(reader.value))[0]).toBe(401);
    await editToken(ada, reader.id, { enabled: true });
    expect((await ask(reader.value, "DELETE", "/token"))[0]).toBe(204);
    expect((await ask(reader.value))[0]).toBe(401);
  });

  test("is told when its own token is not valid", async () => {
    const program = await createProgram({ url, token: "tsa_wrong", method });
    const answer = await program.request("/reports", { headers: { Authorization: `Bearer ${own.value}` } });
    expect(answer.status).toBe(500);
  });
});
