import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { later } from "@/lib/clock";
import { db } from "@/lib/db";
import { makeValue } from "@/lib/tokens/value";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { comparable, headOf, sendRaw } from "@/testing/raw-client";
import { makeToken } from "@/testing/tokens";
import { type SampleRequest, verificationRequests } from "@/testing/verification-requests";
import { createHttpServer, type HttpServer } from "./http-server";

const gauge = "workspace/Rivers/gauge-levels:run";
const rules = join(await mkdtemp(join(tmpdir(), "tessera-rules-")), "authorize.yaml");
await writeFile(
  rules,
  `- { methods: [GET], path: /gauges/**, permission: ${gauge} }\n- { path: /jobs, permission: jobs:access }`,
);
process.env.TESSERA_AUTHORIZE_RULES = rules;
process.env.TESSERA_TRUSTED_PROXIES = "127.0.0.1";

/** Only pages send a router state, which leads to the usual way. */
const usually = "Next-Router-State-Tree: %5B%22%22%2C%7B%7D%5D";

let door: HttpServer;
let port: number;
const values: Record<string, string> = {
  unknown: makeValue("api").reveal(),
  mistyped: `${makeValue("api").reveal().slice(0, -1)}-`,
  long: `tsa_${"x".repeat(600)}`,
  junk: "junk",
  empty: "",
};

beforeAll(async () => {
  const now = new Date();
  await introduceCast(now);
  const [ada, olu] = await Promise.all([actorOf("ada", now), actorOf("olu", now)]);
  const make = async (...parts: Parameters<typeof makeToken>) => (await makeToken(...parts)).value;
  const expired = await makeToken(olu, { permissions: [gauge] });
  await db.token.update({ where: { id: expired.token.id }, data: { expiresAt: later(now, -1) } });
  Object.assign(values, {
    good: await make(olu, { permissions: [gauge, "jobs:access"], description: "K\u00F6ln \u{1F30A}" }),
    narrow: await make(ada, { permissions: ["repository/Samples:run", "repository/Samples:read"], inUrl: true }),
    all: await make(ada, { allPermissions: true }),
    disabled: await make(olu, { permissions: [gauge], enabled: false }),
    expired: expired.value,
    session: (await signIn("olu", now)).value.reveal(),
  });
  door = createHttpServer(async (_, response) => void response.writeHead(404).end());
  door.server.listen(0, "127.0.0.1");
  await once(door.server, "listening");
  ({ port } = door.server.address() as AddressInfo);
});
afterAll(() => door.stop());

async function answerTo({ line, headers, body = "", isSplit = false }: SampleRequest, way: string[]): Promise<string> {
  const head = Buffer.from(headOf(line, ["Host: localhost:3000", ...headers, ...way]), "latin1");
  const bytes = typeof body === "string" ? Buffer.from(body, "latin1") : body;
  return comparable(await sendRaw(port, isSplit ? [head, bytes] : [Buffer.concat([head, bytes])], 2));
}

describe("the direct way and the usual way answer with the same bytes", () => {
  const permissions = [
    ...[gauge, "jobs:access", "jobs:manage", "repository/Samples:run", "workspace/Samples/seattle weather:run"],
    ...["workspace/K\u00F6ln/K\u00F6ln:run", "no:such", "", "jobs:access ", "x".repeat(1_001), "a\0b"],
  ];

  test.each(["authorize", "token", "introspect"] as const)("%s", async (operation) => {
    const request = verificationRequests(values, permissions)[operation];
    const statuses: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(request, async (asked) => {
        const direct = await answerTo(asked, []);
        expect(direct).toBe(await answerTo(asked, [usually]));
        const status = direct.slice(9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }),
      { numRuns: 300 },
    );
    // The requests are of many kinds.
    for (const status of ["200", "400", "401"])
      expect(statuses[status] ?? 0, JSON.stringify(statuses)).toBeGreaterThan(10);
  });
});
