import { createServer } from "node:net";
import { Pool } from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { days, later, minutes } from "@/lib/clock";
import { closeDatabase, db, pool } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { editToken, removeToken } from "@/lib/tokens/commands";
import { makeValue } from "@/lib/tokens/value";
import { actorOf, introduceCast, signIn } from "@/testing/cast";
import { makeToken, morning } from "@/testing/tokens";
import { tokenResolver } from "./token-resolver";
import { type Presentation, verify, verifyAndExtend } from "./verify";

const gauge = "workspace/Rivers/gauge-levels:run";
const from = (now = morning, more: Partial<Presentation> = {}): Presentation => ({
  now,
  ip: "198.51.100.4",
  agent: "curl/8.14.1",
  ...more,
});
const refusedAs = (fault: string) => ({ code: "unauthenticated", extra: { fault } });

let ada: Actor;
let olu: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  [ada, olu] = await Promise.all([actorOf("ada", morning), actorOf("olu", morning)]);
});

describe("a value", () => {
  test("becomes its owner, with the permissions of the owner and of the token", async () => {
    const { token, value } = await makeToken(olu, { name: "levels", permissions: [gauge] });
    const who = await verify(value, from());
    expect(who).toMatchObject({
      userId: olu.userId,
      userName: "olu",
      now: morning,
      token: { id: token.id, kind: "api", name: "levels" },
      given: new Set([gauge]),
      ip: "198.51.100.4",
      agent: "curl/8.14.1",
    });
    expect(who.owner).toEqual(
      new Set([
        "repositories:access",
        "apps:access",
        "jobs:access",
        "tokens:manage",
        "repository/Samples:read",
        "repository/Samples:run",
        "repository/Samples:download",
        "workspace/Rivers/gauge-levels:read",
        gauge,
      ]),
    );
  });

  test("that many present at the same moment is looked up once, and from then on remembered", async () => {
    const { value } = await makeToken(olu);
    const { counts } = tokenResolver();
    const all = () => Promise.all(Array.from({ length: 50 }, () => verify(value, from())));
    await all();
    const { hits, misses } = { ...counts };
    await all();
    expect(counts).toEqual({ hits: hits + 50, misses });
  });

  test("that is unknown, mistyped or junk is not valid", async () => {
    for (const value of [
      makeValue("api").reveal(),
      `${makeValue("api").reveal().slice(0, -1)}-`,
      "",
      "tsa_",
      "password",
    ]) {
      await expect(verify(value, from())).rejects.toMatchObject(refusedAs("invalid"));
    }
  });

  test("of the right shape with a wrong checksum is refused without asking the database", async () => {
    await closeDatabase();
    const value = makeValue("api").reveal();
    const typo = value.slice(0, 10) + (value[10] === "a" ? "b" : "a") + value.slice(11);
    await expect(verify(typo, from())).rejects.toMatchObject(refusedAs("invalid"));
    expect(pool.current()).toBeUndefined();
  });

  test("tells the client that presents it that it is expired or disabled", async () => {
    const { token, value } = await makeToken(ada);
    await expect(verify(value, from(later(morning, days(30))))).rejects.toMatchObject(refusedAs("expired"));
    await editToken(ada, token.id, { enabled: false });
    const refusal = await verify(value, from()).catch((error: unknown) => error);
    expect(refusal).toMatchObject(refusedAs("disabled"));
    expect(refusal).toMatchObject({
      headers: { "WWW-Authenticate": expect.stringContaining('error="invalid_token"') },
    });
  });

  test("in a URL is accepted only from a token that was made for it", async () => {
    const header = await makeToken(ada);
    const link = await makeToken(ada, { inUrl: true });
    await expect(verify(header.value, from(morning, { inUrl: true }))).rejects.toMatchObject(refusedAs("invalid"));
    await expect(verify(link.value, from(morning, { inUrl: true }))).resolves.toBeDefined();
  });
});

describe("what a token may do", () => {
  test("is what it was given, cut down to what its owner may do at that moment", async () => {
    const { value } = await makeToken(olu, { permissions: [gauge, "repository/Samples:run"] });
    const { value: all } = await makeToken(olu, { allPermissions: true });
    const role = { userId: olu.userId, roleName: "user" };
    const can = async (presented: string, permission: Parameters<typeof may>[1]) =>
      may(await verify(presented, from()), permission);

    expect(await can(value, "repository/Samples:run")).toBe(true);
    expect(await can(value, "jobs:access")).toBe(false);
    expect(await can(all, "jobs:access")).toBe(true);

    await db.userRole.delete({ where: { userId_roleName: role } });
    expect(await can(value, "repository/Samples:run")).toBe(false);
    expect(await can(value, gauge)).toBe(true);
    expect(await can(all, "jobs:access")).toBe(false);

    await db.userRole.create({ data: role });
    expect(await can(value, "repository/Samples:run")).toBe(true);
    expect(await can(all, "jobs:access")).toBe(true);
  });

  test("covers what is in a repository, and ends with the item", async () => {
    const shelf = await db.repository.create({ data: { name: "Short-lived", ownerId: ada.userId } });
    const who = { ...ada, owner: new Set([...ada.owner, "repository/Short-lived:*"]) };
    const { token, value } = await makeToken(who, { permissions: ["repository/Short-lived:run"] });
    expect(may(await verify(value, from()), "workspace/Short-lived/anything:run")).toBe(true);
    await db.repository.delete({ where: { id: shelf.id } });
    expect((await verify(value, from())).given).toEqual(new Set());
    await removeToken(ada, token.id);
  });

  test("follows an item that is renamed", async () => {
    const shelf = await db.repository.create({ data: { name: "Old-name", ownerId: ada.userId } });
    const who = { ...ada, owner: new Set([...ada.owner, "repository/Old-name:*"]) };
    const { value } = await makeToken(who, { permissions: ["repository/Old-name:run"] });
    await db.repository.update({ where: { id: shelf.id }, data: { name: "New-name" } });
    expect((await verify(value, from())).given).toEqual(new Set(["repository/New-name:run"]));
  });
});

describe("an owner", () => {
  test("who is disabled takes all their tokens down at once, and brings them back", async () => {
    const eve = await actorOf("eve", morning);
    const values = [(await makeToken(eve)).value, (await signIn("eve", morning)).value.reveal()];
    await db.user.update({ where: { id: eve.userId }, data: { enabled: false } });
    for (const value of values) await expect(verify(value, from())).rejects.toMatchObject(refusedAs("disabled"));
    await db.user.update({ where: { id: eve.userId }, data: { enabled: true } });
    for (const value of values) await expect(verify(value, from())).resolves.toMatchObject({ userName: "eve" });
  });
});

describe("a session in use", () => {
  const extendedTo = async (id: string) => (await db.token.findUniqueOrThrow({ where: { id } })).expiresAt;

  test("is extended from minute 25 on, not before, and not by a mere look", async () => {
    const { id, value } = await signIn("ada", morning);
    const at = (count: number) => later(morning, minutes(count));
    await verifyAndExtend(value.reveal(), from(later(at(25), -1)));
    expect(await extendedTo(id)).toEqual(at(30));
    await verify(value.reveal(), from(at(26)));
    expect(await extendedTo(id)).toEqual(at(30));
    await verifyAndExtend(value.reveal(), from(at(26)));
    expect(await extendedTo(id)).toEqual(at(56));
    await expect(verifyAndExtend(value.reveal(), from(at(56)))).rejects.toMatchObject(refusedAs("expired"));
  });

  test("is extended once by many requests at the same time, all of which are let in", async () => {
    const { id, value } = await signIn("ada", morning);
    const then = later(morning, minutes(27));
    const actors = await Promise.all(Array.from({ length: 100 }, () => verifyAndExtend(value.reveal(), from(then))));
    expect(new Set(actors.map(({ userName }) => userName))).toEqual(new Set(["ada"]));
    expect(await extendedTo(id)).toEqual(later(then, minutes(30)));
  });
});

describe("without a database", () => {
  test("nothing is accepted and nothing is called invalid: try again later", async () => {
    const { value } = await makeToken(ada);
    await closeDatabase();
    const { port, close } = await deadPort();
    const unreachable = new Pool({ host: "127.0.0.1", port, connectionTimeoutMillis: 2_000 });
    pool.replace(unreachable);
    try {
      await expect(verify(value, from())).rejects.toMatchObject({
        code: "unavailable",
        headers: { "Retry-After": "2" },
      });
    } finally {
      pool.clear();
      await unreachable.end();
      await close();
    }
    await expect(verify(value, from())).resolves.toMatchObject({ userName: "ada" });
  });
});

/** A port that closes every connection. */
function deadPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
