import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actorOf, castPassword, introduceCast } from "@/testing/cast";
import { listAuditEvents } from "../audit/queries";
import { auditFilter } from "../audit/schema";
import { later, minutes, now } from "../clock";
import { db } from "../db";
import { Refusal } from "../errors";
import { changeOwnPassword } from "./own-password";
import { checkPassword, startSession } from "./sign-in";

const start = now();
const address = "192.0.2.1";

beforeAll(async () => void (await introduceCast(start)));
beforeEach(async () => {
  await db.rateLimit.deleteMany();
  await db.auditEvent.deleteMany({ where: { action: "user.refuse-sign-in" } });
});

const guess = (username: string, password: string, at = start, ip = address) =>
  checkPassword({ username, password }, { now: at, ip, agent: "curl/8.14.1" }).then(
    () => "in",
    (error: unknown) => (error instanceof Refusal ? error.code : Promise.reject(error)),
  );

/** The events as administrators read them, oldest first. */
async function eventsOf() {
  const mia = await actorOf("mia", now());
  const { items } = await listAuditEvents(mia, auditFilter.parse({ action: "user.refuse-sign-in" }));
  return items.reverse();
}

describe("a refused sign-in leaves an event that administrators read", () => {
  test.each<[string, string, () => Promise<unknown>]>([
    ["a wrong password", "wrong-password", () => guess("olu", "not the right one")],
    ["an expired one-time password", "expired-password", () => withAccount({ passwordExpiresAt: start })],
    ["a disabled account", "disabled", () => withAccount({ enabled: false })],
  ])("with %s", async (_, reason, refuse) => {
    expect(await refuse()).toBe("unauthenticated");
    expect(await eventsOf()).toMatchObject([
      {
        at: start.toISOString(),
        by: { userName: "(not signed in)", tokenName: null },
        subject: { type: "user", name: "olu" },
        address,
        agent: "curl/8.14.1",
        after: { reason },
      },
    ]);
  });

  test("with an unknown name, which may be a password and is not recorded", async () => {
    await guess("my password by mistake", "olu");
    const events = await eventsOf();
    expect(events).toMatchObject([{ subject: { name: "(no such user)" }, after: { reason: "unknown-name" } }]);
    expect(JSON.stringify(await db.auditEvent.findMany(), (_, each) => String(each))).not.toContain("mistake");
  });

  test("with a session that cannot begin, since the account was disabled meanwhile", async () => {
    const context = { now: start, ip: address, agent: null };
    const user = await checkPassword({ username: "olu", password: castPassword }, context);
    await db.user.update({ where: { userName: "olu" }, data: { enabled: false } });
    await expect(startSession(user, null, context)).rejects.toMatchObject({ code: "unauthenticated" });
    await db.user.update({ where: { userName: "olu" }, data: { enabled: true } });
    expect(await eventsOf()).toMatchObject([{ subject: { name: "olu" }, after: { reason: "changed-meanwhile" } }]);
  });

  test("in an open session with a wrong current password, by its user", async () => {
    const olu = await actorOf("olu", start);
    const input = {
      currentPassword: "not it",
      newPassword: "three herons over slow water",
      disableTokens: false,
      disconnectProvider: false,
    };
    await expect(changeOwnPassword(olu, input)).rejects.toMatchObject({ field: "currentPassword" });
    expect(await eventsOf()).toMatchObject([{ by: { userName: "olu" }, after: { reason: "wrong-password" } }]);
  });

  test("and a sign-in leaves none", async () => {
    expect(await guess("olu", castPassword)).toBe("in");
    expect(await eventsOf()).toEqual([]);
  });
});

describe("sign-ins that are refused without a look at the password", () => {
  test("are counted in one event per account and 15 minutes", async () => {
    for (let failures = 0; failures < 5; failures++) await guess("olu", "not it");
    for (let refused = 0; refused < 30; refused++)
      expect(await guess("olu", castPassword, start, `198.51.100.${refused}`)).toBe("too-many");
    const events = await eventsOf();
    expect(events.map(({ after }) => after)).toEqual([
      ...Array(5).fill({ reason: "wrong-password" }),
      { reason: "too-many", count: 30 },
    ]);
    for (let failures = 5; failures < 20; failures++)
      await guess("olu", "not it", later(start, minutes(15 * (failures - 4))));
    expect(await guess("olu", castPassword, later(start, minutes(15 * 15)))).toBe("too-many");
    expect(
      (await eventsOf()).filter(({ after }) => after?.reason === "too-many").map(({ after }) => after?.count),
    ).toEqual([30, 1]);
  });

  test("are counted per network without an account, as are forms that nobody can have typed", async () => {
    for (let failures = 0; failures < 5; failures++) await guess("nobody-of-that-name", "x", start, "2001:db8::1");
    for (let refused = 0; refused < 3; refused++)
      await guess("nobody-of-that-name", "x", start, `2001:db8::${refused}`);
    for (const input of [{}, { username: "", password: "" }, { username: "x".repeat(201), password: "y" }]) {
      await expect(checkPassword(input, { now: start, ip: "2001:db8::7", agent: null })).rejects.toMatchObject({
        code: "unauthenticated",
      });
    }
    expect((await eventsOf()).slice(5)).toMatchObject([
      { subject: { name: "(no such user)" }, after: { reason: "too-many", count: 3 } },
      { subject: { name: "(no such user)" }, after: { reason: "malformed", count: 3 } },
    ]);
  });
});

test("whatever is sent, the events count as many refusals as there were", { timeout: 60_000 }, async () => {
  const attempt = fc.record({
    username: fc.constantFrom("olu", "OLU ", "ada", "nobody", "", "x".repeat(300)),
    password: fc.constantFrom(castPassword, "wrong", ""),
    ip: fc.constantFrom("192.0.2.1", "192.0.2.2", "2001:db8::1"),
    after: fc.integer({ min: 0, max: 600_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { maxLength: 15 }), async (attempts) => {
      await db.rateLimit.deleteMany();
      await db.auditEvent.deleteMany({ where: { action: "user.refuse-sign-in" } });
      let [at, refused] = [start, 0];
      for (const { username, password, ip, after } of attempts) {
        at = later(at, after);
        if ((await guess(username, password, at, ip)) !== "in") refused++;
      }
      const counts = (await eventsOf()).map(({ after }) => Number(after?.count ?? 1));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(refused);
    }),
    { numRuns: 15 },
  );
});

/** Tries to sign Olu in while the account is so. */
async function withAccount(data: { enabled?: boolean; passwordExpiresAt?: Date }): Promise<string> {
  await db.user.update({ where: { userName: "olu" }, data });
  const answer = await guess("olu", castPassword);
  await db.user.update({ where: { userName: "olu" }, data: { enabled: true, passwordExpiresAt: null } });
  return answer;
}
