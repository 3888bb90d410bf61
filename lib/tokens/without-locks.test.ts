import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { days, later, minutes } from "@/lib/clock";
import { db, inOneStatement, pool } from "@/lib/db";
import { Refusal } from "@/lib/errors";
import { Prisma } from "@/lib/generated/prisma/client";
import type { Actor } from "@/lib/permissions/actor";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast, people } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { supposeUnchanged, unchangedSql } from "./actor-check";
import { bulkChange } from "./bulk";
import { createToken, editToken, removeToken } from "./commands";
import { getToken, tokenHistory } from "./queries";
import { newToken, type TokenPatch } from "./schema";

const gauge = "workspace/Rivers/gauge-levels:run";
const inDays = (count: number) => later(morning, days(count));
const input = (name: string, more: object = {}) =>
  newToken.parse({ name, expiresAt: inDays(7).toISOString(), permissions: [gauge], ...more });

let ada: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  ada = await actorOf("ada", morning);
});

async function isUnchanged(who: Actor): Promise<boolean> {
  const rows = await inOneStatement((run) =>
    run(Prisma.sql`WITH acting AS (${unchangedSql(supposeUnchanged(who))})
    SELECT FROM acting`),
  );
  return rows.length === 1;
}

describe("an actor is no longer as they were verified", () => {
  let who: Actor;

  beforeEach(async () => {
    const { value } = await makeToken(ada, { permissions: ["tokens:manage", gauge] });
    who = await bearerOf(value, morning);
    expect(await isUnchanged(who)).toBe(true);
  });

  const run = (text: string, ...values: unknown[]) => pool().query(text, values);

  test.each<[string, () => Promise<unknown>]>([
    ["its token was disabled", () => editToken(ada, who.token.id, { enabled: false })],
    ["its token was shortened", () => editToken(ada, who.token.id, { expiresAt: inDays(1) })],
    ["its token was narrowed", () => editToken(ada, who.token.id, { permissions: ["tokens:manage"] })],
    ["its token was removed", () => removeToken(ada, who.token.id)],
    ["a grant was taken from its token by hand", () => run("DELETE FROM grants WHERE token_id = $1", who.token.id)],
    [
      "a role of its owner lost a permission",
      () => run("DELETE FROM grants WHERE role_name = 'author' AND resource = 'apps'"),
    ],
    ["its owner lost a role", () => run("DELETE FROM user_roles WHERE user_id = $1", who.userId)],
    ["its owner was disabled", () => run("UPDATE users SET enabled = false WHERE id = $1", who.userId)],
    ["an item was renamed", () => run("UPDATE repositories SET name = 'Streams' WHERE name = 'Rivers'")],
    ["everything was noted to change", () => run("TRUNCATE user_roles")],
  ])("when %s", async (_, change) => {
    await change();
    try {
      expect(await isUnchanged(who)).toBe(false);
    } finally {
      await run("UPDATE users SET enabled = true");
      await run("UPDATE repositories SET name = 'Rivers' WHERE name = 'Streams'");
      for (const [name, { roles }] of Object.entries(people)) {
        const values = [name, [...roles]];
        await run(
          "INSERT INTO user_roles SELECT u.id, r FROM users u, unnest($2::text[]) r WHERE u.user_name = $1 ON CONFLICT DO NOTHING",
          ...values,
        );
      }
    }
  });

  test("when the database is another server, or does not have the changes that were seen", async () => {
    const { asOf } = supposeUnchanged(who);
    expect(await isUnchanged({ ...who, asOf: { ...asOf, server: asOf.server + 1 } })).toBe(false);
    expect(await isUnchanged({ ...who, asOf: { ...asOf, number: asOf.number + 1_000 } })).toBe(false);
  });

  test("when the log does not reach back to what was seen", async () => {
    await editToken(ada, (await makeToken(ada)).token.id, { enabled: false });
    expect(await isUnchanged(who)).toBe(true);
    await run("DELETE FROM changes");
    expect(await isUnchanged(who)).toBe(false);
  });

  test("while its token is being changed, without a wait", async () => {
    const client = await pool().connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT FROM tokens WHERE id = $1 FOR UPDATE", [who.token.id]);
      expect(await isUnchanged(who)).toBe(false);
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
    expect(await isUnchanged(who)).toBe(true);
  });

  test("but is while other tokens and owners change", async () => {
    const olu = await actorOf("olu", morning);
    await removeToken(olu, (await makeToken(olu)).token.id);
    await editToken(ada, (await makeToken(ada)).token.id, { enabled: false });
    expect(await isUnchanged(who)).toBe(true);
  });
});

test("an actor who was given more since they were verified is not refused", async () => {
  const { token, value } = await makeToken(ada, {
    permissions: ["tokens:manage", gauge],
    expiresAt: inDays(2).toISOString(),
  });
  const who = await bearerOf(value, morning);
  await editToken(ada, token.id, { expiresAt: inDays(9) });
  await expect(createToken(who, input("beyond what was known"))).resolves.toBeDefined();
  const other = (await makeToken(ada, { permissions: [gauge], expiresAt: inDays(1).toISOString() })).token;
  const late = { ...who, now: later(inDays(1), minutes(1)) };
  const change = { change: "enable" as const, ids: [other.id], expiresAt: inDays(8) };
  expect((await bulkChange(late, change)).outcomes).toMatchObject([{ outcome: "changed" }]);
});

describe("a token that is being changed", () => {
  const being = (id: string) => [["UPDATE tokens SET description = 'meanwhile' WHERE id = $1", id]] as const;

  test("is waited for and changed as it then is", async () => {
    const { token } = await makeToken(ada, { permissions: [gauge] });
    const edited = await blockedBy(being(token.id), () => editToken(ada, token.id, { enabled: false }));
    expect(edited).toMatchObject({ enabled: false, description: "meanwhile" });
    const disabled = await blockedBy(being(token.id), () => bulkChange(ada, { change: "enable", ids: [token.id] }));
    expect(disabled.outcomes).toMatchObject([{ outcome: "changed", token: { description: "meanwhile" } }]);
  });

  test("is waited for and removed as it then is", async () => {
    const { token } = await makeToken(ada);
    await blockedBy(being(token.id), () => removeToken(ada, token.id));
    const [event] = (await tokenHistory(ada, token.id, { limit: 1 })).items;
    expect(event).toMatchObject({ action: "token.remove", before: { description: "meanwhile" } });
  });

  test("and then removed is not found", async () => {
    const { token } = await makeToken(ada);
    const remove = [["DELETE FROM tokens WHERE id = $1", token.id]] as const;
    await expect(blockedBy(remove, () => editToken(ada, token.id, { enabled: false }))).rejects.toMatchObject({
      code: "not-found",
    });
  });
});

test("with and without locks, a change is decided, stored and recorded alike", { timeout: 120_000 }, async () => {
  const given = fc.oneof(
    fc.constant({ allPermissions: true } as const),
    fc
      .subarray(["tokens:manage", "jobs:access", gauge, "repository/Rivers:run"])
      .map((permissions) => ({ permissions })),
  );
  const expiresAt = fc.integer({ min: -1, max: 5 }).map(inDays);
  const shapes = fc.record({
    acting: fc.record({ given, expiresAt: fc.integer({ min: 2, max: 5 }).map(inDays) }),
    other: fc.record({ given, enabled: fc.boolean(), inUrl: fc.boolean() }),
    patch: fc.record(
      { enabled: fc.boolean(), inUrl: fc.boolean(), expiresAt, name: fc.constantFrom("taken", "one", "two"), given },
      { requiredKeys: [] },
    ),
    way: fc.constantFrom("edit", "enable", "disable", "remove", "create"),
  });
  await makeToken(ada, { name: "taken" });

  const outcomeOf = async (who: Actor, shape: typeof shapes extends fc.Arbitrary<infer T> ? T : never) => {
    const {
      other,
      patch: { given: patchGiven, ...patch },
      way,
    } = shape;
    const { given: otherGiven, ...fields } = other;
    const { token } = await makeToken(ada, {
      name: "the other",
      ...fields,
      ...otherGiven,
      expiresAt: inDays(1).toISOString(),
    });
    const change: TokenPatch = {
      ...patch,
      ...(patchGiven && ("permissions" in patchGiven ? { permissions: [...patchGiven.permissions] } : patchGiven)),
    };
    const made = input(patch.name ?? "made", {
      expiresAt: (patch.expiresAt ?? inDays(3)).toISOString(),
      permissions: [gauge],
    });
    const work = async (): Promise<unknown> => {
      if (way === "create") return (await createToken(who, made)).token;
      if (way === "edit") return editToken(who, token.id, change);
      return (await bulkChange(who, { change: way, ids: [token.id] })).outcomes;
    };
    const answer = await work().catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      const { code, message, field, extra } = error;
      return { code, message, field, extra };
    });
    const stored = await getToken(ada, token.id).catch((error: Refusal) => error.code);
    const events = await db.auditEvent.findMany({
      where: { subjectOwnerId: ada.userId, id: { gt: lastEvent } },
      select: {
        action: true,
        actorName: true,
        tokenName: true,
        subjectName: true,
        address: true,
        before: true,
        after: true,
      },
      orderBy: { id: "asc" },
    });
    await db.token.deleteMany({ where: { ownerId: ada.userId, name: { in: ["the other", "made", "one", "two"] } } });
    return JSON.stringify({ answer, stored, events }).replaceAll(uuids, "id").replaceAll(hints, "hint");
  };
  const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  const hints = /tsa_…\w{4}/g;
  let lastEvent = 0n;
  const setMark = async () => {
    lastEvent = (await db.auditEvent.aggregate({ _max: { id: true } }))._max.id ?? 0n;
  };

  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const { given, expiresAt } = shape.acting;
      const own =
        "permissions" in given
          ? { permissions: ["tokens:manage", ...given.permissions.filter((each) => each !== "tokens:manage")] }
          : given;
      const { token, value } = await makeToken(ada, { ...own, name: "acting", expiresAt: expiresAt.toISOString() });
      const verified = await bearerOf(value, morning);
      await setMark();
      const withoutLocks = await outcomeOf(verified, shape);
      const { asOf: _, ...unverified } = verified;
      await setMark();
      expect(await outcomeOf(unverified, shape)).toBe(withoutLocks);
      await removeToken(ada, token.id);
    }),
    { numRuns: 60 },
  );
});
