import { beforeAll, describe, expect, test } from "vitest";
import { days, later, minutes } from "@/lib/clock";
import { db } from "@/lib/db";
import { Refusal } from "@/lib/errors";
import { encodeCursor } from "@/lib/paging";
import type { Actor } from "@/lib/permissions/actor";
import { flushUsage } from "@/lib/verification/usage";
import { actorOf, introduceCast } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { editToken, removeToken } from "./commands";
import { grantableItems } from "./grantable";
import { getToken, listTokens, presentedToken, tokenHistory } from "./queries";
import { type TokenFilter, tokenFilter, tokenSort } from "./schema";

const unknownId = "01980000-0000-7000-8000-000000000000";
const gauge = "workspace/Rivers/gauge-levels:run";

let root: Actor;
let ada: Actor;
let olu: Actor;
let eve: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  [root, ada, olu, eve] = (await Promise.all(
    (["root", "ada", "olu", "eve"] as const).map((name) => actorOf(name, morning)),
  )) as [Actor, Actor, Actor, Actor];
});

const namesIn = async (who: Actor, filter: Partial<TokenFilter> = {}) =>
  (await listTokens(who, tokenFilter.parse({ kind: "api", sort: "name", ...filter }))).items.map(({ name }) => name);

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const refusal: unknown = await work.catch((error: unknown) => error);
  if (!(refusal instanceof Refusal)) throw new Error("It was not refused.", { cause: refusal });
  const { code, message, field, extra, headers } = refusal;
  return JSON.stringify({ code, message, field, extra, headers });
}

describe("other people's tokens", () => {
  test("are not listed, not even with All Permissions", async () => {
    const { token } = await makeToken(ada);
    for (const stranger of [olu, root]) {
      const { items } = await listTokens(stranger, tokenFilter.parse({ limit: 100 }));
      expect(items.map(({ id }) => id)).not.toContain(token.id);
    }
  });

  test("cannot be distinguished from unknown and malformed ids", async () => {
    const { token } = await makeToken(ada);
    const refusals = await Promise.all(
      [token.id, unknownId, "no-id", "", "'; --", `${token.id}\u0000`].flatMap((id) => [
        refusalOf(getToken(root, id)),
        refusalOf(editToken(root, id, { enabled: false })),
        refusalOf(removeToken(root, id)),
        refusalOf(tokenHistory(root, id, { limit: 10 })),
      ]),
    );
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toContain("not-found");
  });
});

describe("a list", () => {
  test("separates active from expired; active includes enabled and disabled", async () => {
    const tomorrow = later(morning, days(1)).toISOString();
    await makeToken(eve, { name: "short", expiresAt: tomorrow });
    await makeToken(eve, { name: "short and disabled", expiresAt: tomorrow, enabled: false });
    await makeToken(eve, { name: "long" });
    await makeToken(eve, { name: "long and disabled", enabled: false });
    const then = { ...eve, now: later(morning, days(1)) };
    expect(await namesIn(then, { state: "active" })).toEqual(["long", "long and disabled"]);
    expect(await namesIn(then, { state: "enabled" })).toEqual(["long"]);
    expect(await namesIn(then, { state: "disabled" })).toEqual(["long and disabled"]);
    expect(await namesIn(then, { state: "expired" })).toEqual(["short", "short and disabled"]);
    expect(await namesIn(then)).toHaveLength(4);
  });

  test("has sessions as a separate kind", async () => {
    const { items } = await listTokens(eve, tokenFilter.parse({ kind: "session" }));
    expect(items.map(({ id, current }) => ({ id, current }))).toEqual([{ id: eve.token.id, current: true }]);
  });

  test("finds parts of the name, the description and the hint, without wildcards", async () => {
    const { token } = await makeToken(olu, { name: "100%_Report", description: "for the Harbour" });
    await makeToken(olu, { name: "1000 others" });
    for (const q of [
      "report",
      "HARBOUR",
      "100%",
      "0%_R",
      token.hint,
      token.hint.slice(-4),
      `tsa_${token.hint.slice(-4)}`,
    ]) {
      expect(await namesIn(olu, { q }), q).toContain("100%_Report");
    }
    expect(await namesIn(olu, { q: "100%" })).toEqual(["100%_Report"]);
    for (const q of ["_____________", "\\", "%%", `tss_…${token.hint.slice(-4)}`]) {
      expect(await namesIn(olu, { q }), q).toEqual([]);
    }
  });

  test("is refused to a token without `tokens:manage`", async () => {
    const narrow = await bearerOf((await makeToken(ada, { permissions: [gauge] })).value, morning);
    await expect(listTokens(narrow, tokenFilter.parse({}))).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("pages", () => {
  const made = 23;

  beforeAll(async () => {
    for (let each = 0; each < made; each++) {
      // Every other one has an equal time and one in three was never used, so that the order must be complete.
      const now = later(morning, minutes(Math.floor(each / 2)));
      const { token, value } = await makeToken(
        { ...root, now },
        { name: `page ${String((each * 7) % made).padStart(2, "0")}` },
      );
      if (each % 3 > 0) {
        await bearerOf(value, later(morning, minutes(100 + Math.floor(each / 4))));
        await flushUsage();
      }
      expect(token.kind).toBe("api");
    }
  });

  test.each(tokenSort.options)("in order of %s hold everything once, in order, and end", async (sort) => {
    const field = sort.replace("-", "") as "name" | "createdAt" | "expiresAt" | "lastUsed";
    const seen = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await listTokens(root, tokenFilter.parse({ kind: "api", sort, limit: 4, cursor }));
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
      pages++;
    } while (cursor !== undefined && pages < 20);

    const keys = seen.map((token) => (field === "lastUsed" ? (token.lastUsed?.at ?? "") : token[field]));
    const inOrder = [...keys].sort();
    expect(new Set(seen.map(({ id }) => id)).size).toBe(made);
    expect(pages).toBe(6);
    expect(keys).toEqual(sort.startsWith("-") ? inOrder.reverse() : inOrder);
  });

  test("stay in place when tokens are created and removed in between", async () => {
    const first = await listTokens(root, tokenFilter.parse({ kind: "api", sort: "name", limit: 5 }));
    await removeToken(root, first.items.at(-1)?.id ?? "");
    const second = await listTokens(
      root,
      tokenFilter.parse({ kind: "api", sort: "name", limit: 5, cursor: first.nextCursor }),
    );
    expect(second.items[0]?.name).toBe("page 05");
  });

  test.each([
    "x",
    "%%%",
    encodeCursor([]),
    encodeCursor(["name", "a", unknownId]),
    encodeCursor(["-createdAt", "a", unknownId]),
    encodeCursor(["-createdAt", -1, unknownId]),
    encodeCursor(["-createdAt", 1e300, unknownId]),
    encodeCursor(["-createdAt", 0, "x"]),
    encodeCursor(["-createdAt", 0, unknownId, 1]),
  ])("after a cursor of another list (%s) are refused", async (cursor) => {
    await expect(listTokens(root, tokenFilter.parse({ cursor }))).rejects.toMatchObject({
      code: "invalid",
      field: "cursor",
    });
  });

  test("after a name that cannot be stored are refused", async () => {
    const cursor = encodeCursor(["name", "\u0000", unknownId]);
    await expect(listTokens(root, tokenFilter.parse({ sort: "name", cursor }))).rejects.toMatchObject({
      field: "cursor",
    });
  });
});

describe("history", () => {
  test("says who did what with which token, and stays after the token is removed", async () => {
    const { token } = await makeToken(ada, { name: "remembered" });
    const manager = await bearerOf(
      (await makeToken(ada, { name: "the manager", permissions: ["tokens:manage"] })).value,
      morning,
    );
    await editToken(manager, token.id, { enabled: false });
    await removeToken(ada, token.id);
    const { items, nextCursor } = await tokenHistory(ada, token.id, { limit: 10 });
    expect(nextCursor).toBeNull();
    expect(items.map(({ action, by, after }) => ({ action, by, after }))).toEqual([
      { action: "token.remove", by: { userName: "ada", tokenName: "Firefox on Linux" }, after: null },
      { action: "token.disable", by: { userName: "ada", tokenName: "the manager" }, after: { enabled: false } },
      {
        action: "token.create",
        by: { userName: "ada", tokenName: "Firefox on Linux" },
        after: expect.objectContaining({ name: "remembered", permissions: [] }),
      },
    ]);
    expect(items[1]).toMatchObject({ address: "198.51.100.4", agent: "curl/8.14.1" });
  });

  test("comes in pages", async () => {
    const { token } = await makeToken(ada);
    for (const enabled of [false, true, false]) await editToken(ada, token.id, { enabled });
    const first = await tokenHistory(ada, token.id, { limit: 3 });
    const second = await tokenHistory(ada, token.id, { limit: 3, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ action }) => action)).toEqual([
      "token.disable",
      "token.enable",
      "token.disable",
      "token.create",
    ]);
    expect(second.nextCursor).toBeNull();
    await expect(tokenHistory(ada, token.id, { limit: 3, cursor: "x" })).rejects.toMatchObject({ field: "cursor" });
  });

  test("is written if and only if the change is", async () => {
    const before = await db.auditEvent.count();
    await expect(makeToken(root, { permissions: ["repository/Nowhere:run"] })).rejects.toMatchObject({
      code: "invalid",
    });
    expect(await db.auditEvent.count()).toBe(before);
  });
});

describe("the presented token", () => {
  test("says what it is, who owns it, and what it may do now", async () => {
    const { value } = await makeToken(ada, { name: "self", permissions: [gauge, "jobs:access"] });
    const self = await presentedToken(await bearerOf(value, morning));
    expect(self).toMatchObject({
      name: "self",
      current: true,
      owner: { userName: "ada" },
      effectivePermissions: ["jobs:access", gauge],
      can: { edit: false, enable: false, disable: false, duplicate: false, remove: false },
    });
  });

  test("with All Permissions may do everything that its owner may", async () => {
    const { value } = await makeToken(ada, { allPermissions: true });
    const { effectivePermissions } = await presentedToken(await bearerOf(value, morning));
    expect(effectivePermissions).toEqual(
      expect.arrayContaining(["repository/Rivers:*", "repositories:create", "tokens:manage"]),
    );
    expect((await presentedToken(root)).effectivePermissions).toEqual(["*"]);
  });
});

describe("what an actor can grant", () => {
  test("is what they have: of a shared workspace only that workspace", async () => {
    const { allPermissions, general, repositories } = await grantableItems(olu);
    expect(allPermissions).toBe(true);
    expect(general).toEqual(["repositories:access", "jobs:access", "apps:access", "tokens:manage"]);
    const rivers = repositories.find(({ name }) => name === "Rivers");
    expect(rivers?.permissions).toEqual([]);
    expect(rivers?.workspaces).toEqual([
      { name: "gauge-levels", title: "Gauge levels", permissions: [gauge.replace("run", "read"), gauge] },
    ]);
    expect(repositories.find(({ name }) => name === "Samples")?.permissions).toEqual([
      "repository/Samples:read",
      "repository/Samples:download",
      "repository/Samples:run",
    ]);
  });

  test("with a narrow token is what that token was given", async () => {
    const narrow = await bearerOf((await makeToken(ada, { permissions: [gauge] })).value, morning);
    expect(await grantableItems(narrow)).toMatchObject({
      allPermissions: false,
      general: [],
      repositories: [{ name: "Rivers", permissions: [], workspaces: [{ permissions: [gauge] }] }],
    });
  });

  test("as a superuser is everything", async () => {
    const { repositories } = await grantableItems(root);
    expect(repositories.map(({ name }) => name)).toEqual(["Rivers", "Samples"]);
    expect(repositories[0]?.permissions).toHaveLength(5);
  });
});
