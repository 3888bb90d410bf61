import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hours, later, minutes } from "@/lib/clock";
import { db, inTransaction } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { blockedBy } from "@/testing/blocked-by";
import { introduceCast, signIn } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { editToken } from "./commands";
import { getToken, tokenHistory } from "./queries";
import { endOtherSessions, endSession, extendSession } from "./sessions";

const minute = (count: number) => later(morning, minutes(count));

let session: { id: string; value: string };
let ada: Actor;

beforeAll(async () => {
  await introduceCast(morning);
});

beforeEach(async () => {
  const { id, value } = await signIn("ada", morning);
  session = { id, value: value.reveal() };
  ada = await bearerOf(session.value, morning);
});

test("signing in issues a session of 30 minutes that names the device and may do what its owner may", async () => {
  expect(await getToken(ada, session.id)).toMatchObject({
    kind: "session",
    name: "Firefox on Linux",
    hint: `tss_…${session.value.slice(-4)}`,
    state: "active",
    expiresAt: minute(30).toISOString(),
    lastUsed: { at: morning.toISOString(), address: "192.0.2.7" },
    allPermissions: true,
    permissions: [],
    current: true,
  });
});

test("the database keeps the SHA-256 of the value and not the value", async () => {
  const row = await db.$queryRaw<{ text: string; matches: boolean }[]>`
    SELECT t::text AS text, t.digest = sha256(convert_to(${session.value}, 'UTF8')) AS matches
    FROM tokens t WHERE id = ${session.id}::uuid`;
  expect(row[0]?.matches).toBe(true);
  expect(row[0]?.text).not.toContain(session.value.slice(4));
});

describe("extending", () => {
  test("is refused before minute 25", async () => {
    expect(await extendSession(session.id, later(minute(25), -1))).toBeNull();
  });

  test("from minute 25 on extends it to 30 minutes from then and starts a new window", async () => {
    expect(await extendSession(session.id, minute(25))).toEqual(minute(55));
    expect(await extendSession(session.id, later(minute(50), -1))).toBeNull();
    expect(await extendSession(session.id, minute(50))).toEqual(minute(80));
  });

  test("is refused once it has expired", async () => {
    expect(await extendSession(session.id, later(minute(30), -1))).toEqual(later(minute(60), -1));
    const second = await signIn("ada", morning);
    expect(await extendSession(second.id, minute(30))).toBeNull();
  });

  test("ends at the absolute limit of 12 hours", async () => {
    let expiresAt: Date | null = minute(30);
    let asked = morning;
    while (expiresAt && expiresAt < later(morning, hours(12))) {
      asked = later(expiresAt, -minutes(1));
      expiresAt = await extendSession(session.id, asked);
    }
    expect(expiresAt).toEqual(later(morning, hours(12)));
    expect(await extendSession(session.id, later(morning, hours(12) - 1))).toBeNull();
  });

  test("is refused while it is disabled", async () => {
    await editToken(ada, session.id, { enabled: false });
    expect(await extendSession(session.id, minute(26))).toBeNull();
  });

  test("does nothing to an API token", async () => {
    const { token } = await makeToken(ada);
    expect(await extendSession(token.id, minute(26))).toBeNull();
  });

  test("by 200 concurrent requests is written once", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => extendSession(session.id, minute(26))));
    expect(answers.filter((answer) => answer !== null)).toEqual([minute(56)]);
  });
});

describe("ending", () => {
  test("expires the session at that time, once", async () => {
    expect(await endSession({ ...ada, now: minute(5) }, session.id)).toBe(true);
    expect(await endSession({ ...ada, now: minute(6) }, session.id)).toBe(false);
    const view = await getToken({ ...ada, now: minute(6) }, session.id);
    expect(view).toMatchObject({ state: "expired", expiresAt: minute(5).toISOString() });
    const { items } = await tokenHistory(ada, session.id, { limit: 10 });
    expect(items.map(({ action }) => action)).toEqual(["session.end", "session.start"]);
  });

  test("all other sessions keeps this one, API tokens and other people's sessions", async () => {
    const other = await signIn("ada", morning);
    const olus = await signIn("olu", morning);
    const { token } = await makeToken(ada);
    const who = { ...ada, now: minute(5) };
    await inTransaction((tx) => endOtherSessions(tx, who, ada.userId, session.id));
    const states = await db.token.findMany({
      where: { id: { in: [session.id, other.id, olus.id, token.id] }, expiresAt: { lte: minute(5) } },
      select: { id: true },
    });
    expect(states).toEqual([{ id: other.id }]);
  });

  test.each([
    ["later", ["00000000", "ffffffff"]],
    ["earlier", ["ffffffff", "00000000"]],
  ])("many locks them in order of id, also when the last one expires %s", async (_, starts) => {
    const ids: string[] = [];
    for (const [index, start] of starts.entries()) {
      const { id } = await signIn("eve", minute(index));
      ids.push(`${start}${id.slice(8)}`);
      await db.token.update({ where: { id }, data: { id: ids[index] } });
    }
    const [first, last] = ids.toSorted();
    const { id: eve } = await db.user.findUniqueOrThrow({ where: { userName: "eve" } });
    await blockedBy(
      [["SELECT FROM tokens WHERE id = $1 FOR UPDATE", first]],
      () => inTransaction((tx) => endOtherSessions(tx, { ...ada, now: minute(5) }, eve, null)),
      [["SELECT FROM tokens WHERE id = $1 FOR UPDATE NOWAIT", last]],
    );
    expect(await db.token.count({ where: { id: { in: ids }, expiresAt: minute(5) } })).toBe(2);
  });
});
