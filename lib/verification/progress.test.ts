import { afterEach, beforeAll, expect, test } from "vitest";
import { db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { LogProgress } from "./log-position";
import { TokenResolver } from "./token-resolver";
import { verify } from "./verify";

const from = { ip: null, agent: null };
const unavailable = { code: "unavailable", headers: { "Retry-After": "2" } };
let olu: Actor;
let highest: bigint;

beforeAll(async () => {
  await introduceCast(new Date());
  olu = await actorOf("olu", new Date());
});

afterEach(() => db.$executeRaw`UPDATE change_counter SET value = greatest(value, ${highest})`);

test("nothing is answered by a database that is behind what was read before, remembered or not", async () => {
  const resolver = new TokenResolver(pool, 10);
  const [known, unknown] = [await makeToken(olu), await makeToken(olu)];
  await verify(known.value, from, resolver);
  const [row] = await db.$queryRaw<{ value: bigint }[]>`SELECT value FROM change_counter`;
  highest = row?.value ?? 0n;

  await db.$executeRaw`UPDATE change_counter SET value = value - 1`;
  for (const { value } of [known, unknown])
    await expect(verify(value, from, resolver)).rejects.toMatchObject(unavailable);
  await expect(verify(`${known.value}x`, from, resolver)).rejects.toMatchObject({ code: "unauthenticated" });

  await db.$executeRaw`UPDATE change_counter SET value = value + 1`;
  for (const { value } of [known, unknown]) expect((await verify(value, from, resolver)).userId).toBe(olu.userId);
});

test("a read that began before another one may return a lower number", async () => {
  const progress = new LogProgress();
  let release = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    release = resolve;
  });
  const row = (number: number) => ({ rows: [{ server: 1, number, isReadOnly: false, now: 0 }] });
  const earlier = progress.read(() => begun.then(() => row(4)));
  await progress.read(async () => row(5));
  release();
  expect(await earlier).toEqual(row(4).rows);
  await expect(progress.read(async () => row(4))).rejects.toThrow("at change 4, and was at 5 before");
  await expect(
    progress.read(async () => ({ rows: [{ server: 2, number: 9, isReadOnly: true, now: 0 }] })),
  ).rejects.toThrow(/standby/);
});
