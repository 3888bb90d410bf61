import fc from "fast-check";
import { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { editToken, removeToken } from "@/lib/tokens/commands";
import type { TokenPatch } from "@/lib/tokens/schema";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { TokenResolver } from "./token-resolver";
import { verify } from "./verify";

const permissions = ["jobs:access", "repository/Samples:run"] as const;
type Permission = (typeof permissions)[number];

let olu: Actor;
const pools = [1, 2].map(() => new Pool({ connectionString: env().databaseUrl, max: 3 }));
const instances = pools.map((pool) => new TokenResolver(() => pool, 3));

beforeAll(async () => {
  await introduceCast(new Date());
  olu = await actorOf("olu", new Date());
});
afterAll(() => Promise.all(pools.map((pool) => pool.end())));

/** What should be true, with no database, no memory and no clock. */
interface Model {
  tokens: { isThere: boolean; enabled: boolean; expired: boolean; given: Set<Permission> | "all" }[];
  owner: { enabled: boolean; holds: Set<Permission> };
}

const expected = ({ tokens, owner }: Model, index: number, permission: Permission): boolean => {
  const token = tokens[index];
  if (!token?.isThere || !token.enabled || token.expired || !owner.enabled) return false;
  return owner.holds.has(permission) && (token.given === "all" || token.given.has(permission));
};

const which = fc.nat(3);
const permission = fc.constantFrom(...permissions);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("use"), token: which, permission, by: fc.nat(1) }) },
  fc.record({ kind: fc.constant("switch"), token: which, enabled: fc.boolean() }),
  fc.record({ kind: fc.constant("give"), token: which, given: fc.subarray([...permissions]) }),
  fc.record({ kind: fc.constant("giveAll"), token: which }),
  fc.record({ kind: fc.constant("expire"), token: which, expired: fc.boolean() }),
  fc.record({ kind: fc.constant("remove"), token: which }),
  fc.record({ kind: fc.constant("switchOwner"), enabled: fc.boolean() }),
  fc.record({ kind: fc.constant("allowOwner"), permission, allowed: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test("after any changes and uses in any order, two instances with tiny memories answer as the model does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      await settleOwner(true, permissions);
      const made = await Promise.all(
        Array.from({ length: 4 }, () => makeToken(olu, { permissions: [...permissions] })),
      );
      const model: Model = {
        tokens: made.map(() => ({ isThere: true, enabled: true, expired: false, given: new Set(permissions) })),
        owner: { enabled: true, holds: new Set(permissions) },
      };
      for (const each of steps) await take(each, model, made);
    }),
    { numRuns: 25 },
  );
});

type Made = Awaited<ReturnType<typeof makeToken>>[];

async function take(step: Step, model: Model, made: Made): Promise<void> {
  if (step.kind === "switchOwner" && "enabled" in step) {
    model.owner.enabled = step.enabled;
    return settleOwner(step.enabled, model.owner.holds);
  }
  if (step.kind === "allowOwner" && "allowed" in step) {
    if (step.allowed) model.owner.holds.add(step.permission);
    else model.owner.holds.delete(step.permission);
    return settleOwner(model.owner.enabled, model.owner.holds);
  }
  if (!("token" in step)) return;
  const token = model.tokens[step.token];
  const { token: view, value = "" } = made[step.token] ?? {};
  if (!token?.isThere || !view) return;

  if ("by" in step) {
    const answer = await accepted(value, step.permission, instances[step.by] as TokenResolver);
    expect(answer, JSON.stringify(step)).toBe(expected(model, step.token, step.permission));
  } else if ("given" in step) {
    if (await give(view.id, model, { permissions: step.given })) token.given = new Set(step.given);
  } else if ("expired" in step) {
    token.expired = step.expired;
    const expiresAt = later(new Date(), step.expired ? -1 : days(1));
    await db.token.update({ where: { id: view.id }, data: { expiresAt } });
  } else if ("enabled" in step) {
    token.enabled = step.enabled;
    await db.token.update({ where: { id: view.id }, data: { enabled: step.enabled } });
  } else if (step.kind === "giveAll") {
    if (await give(view.id, model, { allPermissions: true })) token.given = "all";
  } else {
    token.isThere = false;
    await removeToken(olu, view.id);
  }
}

/** Returns whether the change was admitted. An owner who is disabled, or holds less by now, may give less. */
async function give(id: string, { owner }: Model, patch: TokenPatch): Promise<boolean> {
  const isAdmitted = await editToken(olu, id, patch).then(
    () => true,
    (error) => {
      if (error.code === "unauthenticated" || error.code === "forbidden") return false;
      throw error;
    },
  );
  if (owner.enabled && owner.holds.size === permissions.length) expect(isAdmitted).toBe(true);
  return isAdmitted;
}

/** Sets the owner's account and role as in the model. */
async function settleOwner(enabled: boolean, holds: Iterable<Permission>): Promise<void> {
  const held = new Set(holds);
  await db.user.update({ where: { id: olu.userId }, data: { enabled } });
  for (const [permission, [resource, action]] of [
    ["jobs:access", ["jobs", "access"]],
    ["repository/Samples:run", ["repository", "run"]],
  ] as const) {
    const where = { roleName: "user", resource, action };
    if (!held.has(permission)) await db.grant.deleteMany({ where });
    else if ((await db.grant.count({ where })) === 0) {
      const repository = await db.repository.findUnique({ where: { name: "Samples" }, select: { id: true } });
      await db.grant.create({ data: { ...where, repositoryId: resource === "repository" ? repository?.id : null } });
    }
  }
}

async function accepted(value: string, permission: Permission, by: TokenResolver): Promise<boolean> {
  const who = await verify(value, { ip: null, agent: null }, by).catch((error) => {
    if (error.code === "unauthenticated") return null;
    throw error;
  });
  return who !== null && may(who, permission);
}
