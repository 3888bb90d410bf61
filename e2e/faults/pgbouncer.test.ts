import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { closeDatabase, inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import { notify } from "@/lib/jobs/queue";
import { onJobSignal } from "@/lib/jobs/signals";
import { isOutage } from "@/lib/outage";
import { demandSessions } from "@/lib/server/pooling";
import { credentialsOf, headersOf } from "@/testing/client";
import { type DatabaseProxy, startDatabaseProxy } from "@/testing/database-proxy";
import { findProgram, type Program } from "@/testing/debian-program";
import { type Instance, startInstance } from "@/testing/instance";
import { type Pooler, startPooler } from "@/testing/pgbouncer";
import { makeTarget, permission } from "@/testing/revocation-target";
import { prepareOn, startOn } from "@/testing/starts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const found = await findProgram("pgbouncer");
if (typeof found === "string") console.warn(`Connections through PgBouncer are not tested: ${found}`);

const direct = env().databaseUrl;
const empty = new URL(direct);
empty.pathname += "_pooled";

describe.skipIf(typeof found === "string")("behind PgBouncer", () => {
  let proxy: DatabaseProxy;
  let pooler: Pooler;

  beforeAll(async () => {
    await ask(direct, `CREATE DATABASE ${empty.pathname.slice(1)}`);
    proxy = await startDatabaseProxy(empty);
    pooler = await startPooler(found as Program, new URL(proxy.url), {
      sessions: "pool_mode=session pool_size=40",
      narrow: "pool_mode=session pool_size=1",
      transactions: "pool_mode=transaction",
      statements: "pool_mode=statement",
    });
  });
  afterAll(async () => {
    await pooler.stop();
    proxy.close();
    await ask(direct, `DROP DATABASE ${empty.pathname.slice(1)} WITH (FORCE)`);
  });

  test.each(["transactions", "statements"])("a start in the mode of %s is refused with one line", async (name) => {
    const { code, lines } = await startOn(pooler.urlOf(name));
    expect(lines).toEqual([expect.stringMatching(/shares connections between transactions.*pool_mode = session/)]);
    expect(code).toBe(1);
  });

  test.each([2, 3, 4])("transaction mode is noticed when %i backends take turns", async (backends) => {
    const turning = await startPooler(
      found as Program,
      empty,
      { transactions: "pool_mode=transaction" },
      { server_round_robin: 1 },
    );
    try {
      const url = turning.urlOf("transactions");
      await Promise.all(Array.from({ length: backends }, () => ask(url, "SELECT pg_sleep(1)")));
      await expect(demandSessions(url)).rejects.toThrow(/pool_mode = session/);
    } finally {
      await turning.stop();
    }
  });

  test("a pool that is too small is an outage within seconds, and no wait without an end", async () => {
    const began = performance.now();
    const error = await demandSessions(pooler.urlOf("narrow")).catch((each) => each);
    expect(isOutage(error)).toBe(true);
    expect(performance.now() - began).toBeLessThan(8_000);
  });

  describe("in session mode", () => {
    let instance: Instance;

    beforeAll(async () => {
      expect(await prepareOn(pooler.urlOf("sessions"))).toEqual({ code: 0, lines: [] });
      await closeDatabase();
      env().databaseUrl = pooler.urlOf("sessions");
      instance = await startInstance("pooled", { settings: { DATABASE_URL: pooler.urlOf("sessions") } });
    });
    afterAll(async () => {
      await instance.stop();
      await closeDatabase();
      env().databaseUrl = direct;
    });
    afterEach(() => proxy.restore());

    const authorize = async (value: string): Promise<number> => {
      const path = `/api/v1/authorize?permission=${permission}`;
      return (await fetch(instance.origin + path, { headers: headersOf(credentialsOf(value)) })).status;
    };

    test("tokens are verified, and refused as soon as they are revoked", async () => {
      const { id, value, asOwner } = await makeTarget(false);
      expect(await authorize(value)).toBe(200);
      const removal = { method: "DELETE", headers: headersOf(asOwner) };
      expect((await fetch(`${instance.origin}/api/v1/tokens/${id}`, removal)).status).toBe(204);
      expect(await authorize(value)).toBe(401);
    });

    test("signals of jobs arrive", async () => {
      const heard: number[] = [];
      const stop = onJobSignal(({ job }) => heard.push(job));
      const send = async () => {
        await inTransaction((tx) => notify(tx, { job: 1, status: "queued" }));
        return heard.length;
      };
      await expect.poll(send, { timeout: 20_000 }).toBeGreaterThan(0);
      stop();
    });

    test.each(["mute", "cut"] as const)(
      "a PostgreSQL that is %s behind it is 503 within 3 s, until it is back",
      async (failure) => {
        const { value } = await makeTarget(false);
        expect(await authorize(value)).toBe(200);
        proxy[failure]();
        for (let round = 0; round < 4; round++) {
          const began = performance.now();
          expect(await authorize(value)).toBe(503);
          expect(performance.now() - began).toBeLessThan(3_000);
        }
        proxy.restore();
        await expect.poll(() => authorize(value), { timeout: 60_000 }).toBe(200);
      },
    );
  });
});

async function ask(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
