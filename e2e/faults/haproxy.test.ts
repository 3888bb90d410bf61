import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "@/lib/server/database";
import { Client } from "@/testing/client";
import { findProgram } from "@/testing/debian-program";
import { type Instance, startInstance } from "@/testing/instance";
import { prepareHaproxy, type ReverseProxy, startProxy } from "@/testing/proxy";
import { makeTarget, permission } from "@/testing/revocation-target";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });
const pollOptions = { timeout: 120_000, interval: 200 };

const haproxy = await findProgram("haproxy");
if (typeof haproxy === "string") console.warn(`docs/examples/haproxy-load-balancer.cfg is not tested: ${haproxy}`);

describe.skipIf(typeof haproxy === "string")("three instances behind haproxy, as docs/examples configures it,", () => {
  let three: [Instance, Instance, Instance];
  let proxy: ReverseProxy;
  let client: Client;

  beforeAll(async () => {
    const settings = { TESSERA_TRUSTED_PROXIES: "127.0.0.1" };
    const start = (name: string) => startInstance(name, { settings });
    three = await Promise.all([start("first"), start("second"), start("third")]);
    const port = await freePort(0);
    const [first, second, third] = three.map(({ origin }) => new URL(origin).host);
    proxy = await startProxy(haproxy as Exclude<typeof haproxy, string>, {
      example: "haproxy-load-balancer.cfg",
      replacements: {
        "127.0.0.1:8080": `127.0.0.1:${port}`,
        "127.0.0.1:3001": first ?? "",
        "127.0.0.1:3002": second ?? "",
        "127.0.0.1:3003": third ?? "",
      },
      origin: `http://127.0.0.1:${port}`,
      prepare: prepareHaproxy,
    });
    client = new Client(`http://127.0.0.1:${port}`);
  });
  afterAll(async () => {
    client.close();
    await proxy.stop();
    await Promise.all(three.map((each) => each.stop()));
  });

  const authorizePath = `/api/v1/authorize?permission=${permission}`;
  const authorize = async (value: string) =>
    (await client.send("GET", authorizePath, { authorization: `Bearer ${value}` })).status;

  /** How many authorize requests each instance has answered, by its metrics. */
  const answeredRequests = (value: string) =>
    Promise.all(
      three.map(async ({ origin }) => {
        const headers = { Authorization: `Bearer ${value}` };
        const text = await (await fetch(`${origin}/metrics`, { headers })).text();
        const counts = text.matchAll(/^tessera_request_seconds_count\{[^}]*authorize[^}]*\} (\d+)$/gm);
        return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
      }),
    );

  test("share the requests and give the same answers", async () => {
    const { value } = await makeTarget(false);
    await expect
      .poll(async () => {
        expect(await Promise.all(Array.from({ length: 30 }, () => authorize(value)))).toEqual(Array(30).fill(200));
        return Math.min(...(await answeredRequests(value)));
      }, pollOptions)
      .toBeGreaterThan(0);
  });

  test("all refuse what was removed through one of them", async () => {
    const { value } = await makeTarget(false);
    expect(await Promise.all(Array.from({ length: 30 }, () => authorize(value)))).toEqual(Array(30).fill(200));
    expect((await client.send("DELETE", "/api/v1/token", { authorization: `Bearer ${value}` })).status).toBe(204);
    expect(await Promise.all(Array.from({ length: 30 }, () => authorize(value)))).toEqual(Array(30).fill(401));
  });

  test("do not show their metrics without a token", async () => {
    expect((await client.send("GET", "/metrics")).status).toBe(403);
  });

  test("get requests only while they run", async () => {
    const { value } = await makeTarget(false);
    three[1].signal("SIGKILL");
    // Until haproxy notices the kill, a request may fail with its connection.
    const answers = async () => {
      const statuses = new Set<number>();
      for (let times = 0; times < 100; times++) statuses.add(await authorize(value));
      return [...statuses];
    };
    await expect.poll(answers, pollOptions).toEqual([200]);
  });
});
