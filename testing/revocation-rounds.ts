import { setTimeout as delay } from "node:timers/promises";
import { Client, Pool } from "pg";
import { later, minutes } from "@/lib/clock";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import { Refusal } from "@/lib/errors";
import type { Actor } from "@/lib/permissions/actor";
import { everything, may } from "@/lib/permissions/effective";
import { bulkChange } from "@/lib/tokens/bulk";
import { createToken, editToken, removeToken } from "@/lib/tokens/commands";
import { endSession, issueSession } from "@/lib/tokens/sessions";
import type { sharedConfirmation } from "@/lib/verification/confirmation";
import { TokenResolver } from "@/lib/verification/token-resolver";
import { verify } from "@/lib/verification/verify";

/** What came of it. Every try began after its change had been answered; `stale` were accepted all the same. */
export interface Tally {
  rounds: number;
  tries: number;
  stale: number;
  /** Acceptances from memory before the change: what makes the rounds mean something. */
  fromMemory: number;
}

interface Plan {
  rounds: number;
  writers: number;
  /** Requests that each instance has under way all the time. */
  hammering: number;
  /** Cuts the instances' connections to the database again and again. */
  cutting?: boolean;
  /** Takes the place of the shared confirmation. */
  confirmation?: typeof sharedConfirmation;
}

/** A value that is good until its change was answered. */
interface Target {
  who: Actor;
  id: string;
  value: string;
  role: string;
  isOver: boolean;
}

const permission = "jobs:access";

/**
 * Many times over: a value is accepted by three instances, something is taken away through one of them, by hand or in a slow
 * transaction, and every instance is asked again, while all are under load and several write at once.
 */
export async function revocationRounds({ rounds, writers, hammering, cutting, confirmation }: Plan): Promise<Tally> {
  const tally: Tally = { rounds: 0, tries: 0, stale: 0, fromMemory: 0 };
  const instances = Array.from({ length: 3 }, () => instance(confirmation));
  const targets = new Set<Target>();
  const load = { isOn: true };
  const hammers = instances.flatMap(({ resolver }) =>
    Array.from({ length: hammering }, async () => {
      while (load.isOn) await tryAny(resolver, targets, tally);
    }),
  );
  const cutter = cutting ? cutConnections(load) : null;
  try {
    const each = Math.ceil(rounds / writers);
    await Promise.all(Array.from({ length: writers }, (_, index) => write(index, each, instances, targets, tally)));
  } finally {
    load.isOn = false;
    await Promise.all([...hammers, cutter]);
    for (const { resolver } of instances) tally.fromMemory += resolver.counts.hits;
    await Promise.all(instances.map(({ pool }) => pool.end()));
  }
  return tally;
}

type Instance = ReturnType<typeof instance>;

const instanceName = "instance under test";

async function cutConnections(load: { isOn: boolean }): Promise<void> {
  while (load.isOn) {
    await db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = ${instanceName} AND datname = current_database()`;
    await delay(100);
  }
}

/** An instance has connections and a memory of its own. */
function instance(confirmation?: typeof sharedConfirmation) {
  const pool = new Pool({ connectionString: env().databaseUrl, max: 6, application_name: instanceName });
  pool.on("error", () => undefined);
  return { pool, resolver: new TokenResolver(() => pool, 1_000, confirmation) };
}

async function write(index: number, rounds: number, instances: Instance[], targets: Set<Target>, tally: Tally) {
  const hand = new Client({ connectionString: env().databaseUrl });
  await hand.connect();
  try {
    for (let round = 0; round < rounds; round++) await takeAway(round, index, instances, targets, tally, hand);
  } finally {
    await hand.end();
  }
}

async function takeAway(
  round: number,
  index: number,
  instances: Instance[],
  targets: Set<Target>,
  tally: Tally,
  hand: Client,
): Promise<void> {
  const kinds = Object.values(revocations);
  const revocation = kinds[(round + index) % kinds.length] as Revocation;
  const person = await introduce();
  const target = revocation.ofSession ? await signedIn(person) : await withToken(person);
  targets.add(target);
  for (const { resolver } of instances) {
    if (!(await isAccepted(resolver, target, "patiently"))) {
      throw new Error(`A good value was refused in round ${round}.`);
    }
  }
  await revocation.make(target, hand);
  target.isOver = true;
  await Promise.all(instances.flatMap(({ resolver }) => [1, 2, 3].map(() => tryOne(resolver, target, tally))));
  targets.delete(target);
  tally.rounds++;
}

interface Revocation {
  ofSession?: true;
  make(target: Target, hand: Client): Promise<unknown>;
}

const revocations: Record<string, Revocation> = {
  disabled: { make: ({ who, id }) => editToken(who, id, { enabled: false }) },
  disabledWithOthers: { make: ({ who, id }) => bulkChange(who, { change: "disable", ids: [id] }) },
  removed: { make: ({ who, id }) => removeToken(who, id) },
  narrowed: { make: ({ who, id }) => editToken(who, id, { permissions: [] }) },
  expired: { make: ({ id }, hand) => hand.query("UPDATE tokens SET expires_at = now() WHERE id = $1", [id]) },
  signedOut: { ofSession: true, make: ({ who, id }) => endSession({ ...who, now: new Date() }, id) },
  removedByHand: { make: ({ id }, hand) => hand.query("DELETE FROM tokens WHERE id = $1", [id]) },
  committedLate: {
    make: async ({ id }, hand) => {
      await hand.query("BEGIN");
      await hand.query("UPDATE tokens SET enabled = false WHERE id = $1", [id]);
      await delay(3);
      await hand.query("COMMIT");
    },
  },
  ownerDisabled: { make: ({ who }) => db.user.update({ where: { id: who.userId }, data: { enabled: false } }) },
  roleNarrowed: { make: ({ role }) => db.grant.deleteMany({ where: { roleName: role } }) },
  roleLost: {
    make: ({ who, role }) => db.userRole.delete({ where: { userId_roleName: { userId: who.userId, roleName: role } } }),
  },
};

/** Somebody with a role of their own, which gives them the permission. */
async function introduce(): Promise<{ who: Actor; role: string }> {
  const role = `role-${process.hrtime.bigint()}`;
  await db.role.create({
    data: { name: role, title: role, grants: { create: { resource: "jobs", action: "access" } } },
  });
  const user = { userName: role, fullName: role, roles: { create: { roleName: role } } };
  const { id } = await db.user.create({ data: user, select: { id: true } });
  const all = new Set([everything]);
  const now = new Date();
  const session = await db.$transaction((tx) => issueSession(tx, { userId: id, address: null, agent: null, now }));
  const token = { id: session.id, kind: "session" as const, name: session.name };
  const asks = { now, address: null, agent: null, mustChangePassword: false };
  return { role, who: { ...asks, userId: id, userName: role, token, owner: all, given: all } };
}

let made = 0;

async function withToken({ who, role }: { who: Actor; role: string }): Promise<Target> {
  const now = new Date();
  const asks = { ...who, now };
  const { token, value } = await createToken(asks, {
    name: `round ${++made}`,
    description: "",
    enabled: true,
    expiresAt: later(now, minutes(60)),
    allPermissions: false,
    permissions: [permission],
    inUrl: false,
  });
  return { who: asks, id: token.id, value: value?.reveal() ?? "", role, isOver: false };
}

async function signedIn({ who, role }: { who: Actor; role: string }): Promise<Target> {
  const from = { userId: who.userId, address: null, agent: null, now: new Date() };
  const { id, value } = await db.$transaction((tx) => issueSession(tx, from));
  return { who: { ...who, now: new Date() }, id, value: value.reveal(), role, isOver: false };
}

async function tryAny(resolver: TokenResolver, targets: Set<Target>, tally: Tally): Promise<void> {
  const all = [...targets];
  const target = all[Math.floor(Math.random() * all.length)];
  if (target) await tryOne(resolver, target, tally);
  else await delay(1);
}

async function tryOne(resolver: TokenResolver, target: Target, tally: Tally): Promise<void> {
  const beganAfter = target.isOver;
  const accepted = await isAccepted(resolver, target);
  if (!beganAfter) return;
  tally.tries++;
  if (accepted) tally.stale++;
}

/** An outage is no acceptance; who is patient asks again. */
async function isAccepted(resolver: TokenResolver, target: Target, how?: "patiently"): Promise<boolean> {
  const { value } = target;
  try {
    return may(await verify(value, { address: null, agent: null }, resolver), permission);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "unavailable" && how === "patiently") return isAccepted(resolver, target, how);
    return false;
  }
}
