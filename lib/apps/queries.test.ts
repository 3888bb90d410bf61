import { beforeAll, describe, expect, test } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { removeToken } from "@/lib/tokens/commands";
import { grantableItems } from "@/lib/tokens/grantable";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { getApp, listApps } from "./queries";
import { appFilter, appSort } from "./schema";

let ada: Actor;
let olu: Actor;
let root: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  const maker = await actorOf("ada", morning);
  for (const [index, slug] of ["delta", "alpha", "charlie", "bravo", "echo"].entries()) {
    const expiresAt = later(morning, days(index < 2 ? 10 : 20 - index)).toISOString();
    const name = slug === "alpha" || slug === "bravo" ? "Same name" : `Name ${slug}`;
    // Names of apps may be alike; those of tokens may not.
    const { app } = await makeApp(
      { ...maker, now: later(morning, index) },
      { slug, expiresAt, name: `${name} ${index}` },
    );
    // Two were run as often and at the same moment, two never.
    const run = slug === "delta" || slug === "echo" ? 0 : slug === "alpha" ? 7 : 3;
    const lastRunAt = run === 0 ? null : later(morning, run);
    await db.app.update({ where: { slug }, data: { name, runs: run, lastRunAt } });
    if (slug === "charlie" || slug === "echo") await removeToken(maker, app.tokenId ?? "");
  }
  root = await actorOf("root", morning);
  await makeApp(root, { slug: "roots", name: "Root's" });
  [ada, olu, root] = [await actorOf("ada", morning), await actorOf("olu", morning), await actorOf("root", morning)];
});

/** Every page of a list, one app at a time. */
async function slugs(who: Actor, settings: object = {}): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listApps(who, appFilter.parse({ limit: 1, cursor, ...settings }));
    seen.push(...page.items.map(({ slug }) => slug));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && seen.length < 20);
  return seen;
}

describe("the list of apps", () => {
  test.each([
    ["name", ["charlie", "delta", "echo", "alpha", "bravo"]],
    ["-name", ["bravo", "alpha", "echo", "delta", "charlie"]],
    ["createdAt", ["delta", "alpha", "charlie", "bravo", "echo"]],
    ["-createdAt", ["echo", "bravo", "charlie", "alpha", "delta"]],
    ["expiresAt", ["delta", "alpha", "bravo", "charlie", "echo"]],
    ["-expiresAt", ["echo", "charlie", "bravo", "alpha", "delta"]],
    ["runs", ["delta", "echo", "charlie", "bravo", "alpha"]],
    ["-runs", ["alpha", "bravo", "charlie", "echo", "delta"]],
    ["lastRunAt", ["delta", "echo", "charlie", "bravo", "alpha"]],
    ["-lastRunAt", ["alpha", "bravo", "charlie", "echo", "delta"]],
  ])("sorted by %s is the same in pages of one as in one page", async (sort, expected) => {
    expect(await slugs(ada, { sort })).toEqual(expected);
    expect((await listApps(ada, appFilter.parse({ sort }))).items.map(({ slug }) => slug)).toEqual(expected);
  });

  test("refuses a cursor of another order", async () => {
    const { nextCursor } = await listApps(ada, appFilter.parse({ limit: 1, sort: "name" }));
    for (const sort of appSort.options.filter((each) => each !== "name")) {
      const list = listApps(ada, appFilter.parse({ sort, cursor: nextCursor }));
      await expect(list).rejects.toMatchObject({ code: "invalid", field: "cursor" });
    }
  });

  test("is searched by name, slug and workspace, ignoring case; % matches only itself", async () => {
    expect(await slugs(ada, { q: "SAME" })).toEqual(["bravo", "alpha"]);
    expect(await slugs(ada, { q: "lta" })).toEqual(["delta"]);
    expect(await slugs(ada, { q: "gauge-lev" })).toHaveLength(5);
    expect(await slugs(ada, { q: "%" })).toEqual([]);
  });

  test("has the actor's own apps, and all apps for a holder of every permission; it needs apps:access", async () => {
    expect(await slugs(olu)).toEqual([]);
    expect(await slugs(root)).toHaveLength(6);
    await expect(listApps(await actorOf("mia", morning), appFilter.parse({}))).rejects.toMatchObject({
      extra: { permission: "apps:access" },
    });
  });

  test("has shared apps for as long as they are shared", async () => {
    const { id: appId } = await db.app.findUniqueOrThrow({ where: { slug: "delta" } });
    const data = { userId: olu.userId, resource: "app", action: "manage", appId };
    const grant = await db.grant.create({ data });
    const sharer = await actorOf("olu", morning);
    expect(await slugs(sharer)).toEqual(["delta"]);
    expect(await getApp(sharer, "delta")).toMatchObject({ owner: "ada", tokenId: null, can: { edit: true } });
    await db.grant.delete({ where: { id: grant.id } });
    await expect(getApp(await actorOf("olu", morning), "delta")).rejects.toMatchObject({ code: "not-found" });
  });

  test("has, for a token, the apps that the token was granted", async () => {
    const { value } = await makeToken(ada, { permissions: ["apps:access", "app/bravo:manage"] });
    expect(await slugs(await bearerOf(value, morning))).toEqual(["bravo"]);
  });
});

test("another user's app is refused like one that does not exist", async () => {
  const refusal = (slug: string) => getApp(olu, slug).catch((error) => `${error.code} ${error.message}`);
  expect(await refusal("delta")).toBe(await refusal("never"));
});

test("grantable permissions include creating apps, for authors, and managing one's own apps", async () => {
  const [adas, olus] = [await grantableItems(ada), await grantableItems(olu)];
  expect(adas.general).toContain("apps:create");
  expect(adas.apps).toHaveLength(5);
  expect(adas.apps[0]).toEqual({ slug: "charlie", name: "Name charlie", permissions: ["app/charlie:manage"] });
  expect(olus.general).not.toContain("apps:create");
  expect(olus.apps).toEqual([]);
});
