import { beforeAll, expect, test } from "vitest";
import { days, later } from "@/lib/clock";
import { closeDatabase, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { tokenResolver } from "@/lib/verification/token-resolver";
import { actorOf, introduceCast } from "@/testing/cast";
import { writeManyTokens } from "@/testing/many-tokens";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { createToken, editToken, removeByValue, removeToken } from "./commands";
import { getToken, listTokens, presentedToken } from "./queries";
import { newToken, type TokenPatch, tokenFilter } from "./schema";
import { digestTextOf } from "./value";

let ada: Actor;
let manager: Actor;

// Among few tokens, any plan seems cheap enough to be kept.
beforeAll(async () => {
  await introduceCast(morning);
  ada = await actorOf("ada", morning);
  await writeManyTokens(ada.userId, 20_000, morning);
  await pool().query("VACUUM ANALYZE tokens, grants");
  manager = await bearerOf((await makeToken(ada, { allPermissions: true })).value, morning);
});

/** The statements that a connection has planned for each execution, after the first five of each. */
async function plannedEachTime(work: () => Promise<unknown>): Promise<string[]> {
  await closeDatabase();
  for (let each = 0; each < 12; each++) await work();
  const { rows } = await pool().query<{ statement: string }>(
    "SELECT statement FROM pg_prepared_statements WHERE generic_plans = 0 AND custom_plans > 5",
  );
  const { rows: kept } = await pool().query("SELECT FROM pg_prepared_statements WHERE generic_plans > 0");
  expect(kept.length).toBeGreaterThan(0);
  return rows.map(({ statement }) => statement);
}

const changes: [string, TokenPatch[]][] = [
  ["switched", [{ enabled: false }, { enabled: true }]],
  ["prolonged and shortened", [{ expiresAt: later(morning, days(20)) }, { expiresAt: later(morning, days(10)) }]],
  ["given and denied permissions", [{ permissions: ["jobs:access"] }, { permissions: [] }]],
];

test.each(changes)("the plans by which a token is %s are kept", async (_, patches) => {
  const { token } = await makeToken(ada);
  const change = async () => {
    for (const patch of patches) await editToken(manager, token.id, patch);
  };
  expect(await plannedEachTime(change)).toEqual([]);
});

test("the plans by which a token is created, read and removed are kept", async () => {
  let count = 0;
  const expiresAt = later(morning, days(7)).toISOString();
  const work = async () => {
    const input = newToken.parse({ name: `short-lived ${++count}`, expiresAt, permissions: ["jobs:access"] });
    const { token } = await createToken(manager, input);
    await getToken(manager, token.id);
    await removeToken(manager, token.id);
    const { value } = await makeToken(ada);
    await removeByValue(value, { now: morning, ip: null, agent: null });
  };
  expect(await plannedEachTime(work)).toEqual([]);
});

test("the plans by which tokens are listed and presented are kept", async () => {
  const { value } = await makeToken(ada);
  await bearerOf(value, morning);
  const known = tokenResolver().memory.get(digestTextOf(value));
  if (!known) throw new Error("The token is not in the memory.");
  const work = async () => {
    await listTokens(manager, tokenFilter.parse({ kind: "api" }));
    await presentedToken(manager);
    await new Promise((confirmed, failed) => {
      tokenResolver().readDetails(known, confirmed, failed);
    });
  };
  expect(await plannedEachTime(work)).toEqual([]);
});
