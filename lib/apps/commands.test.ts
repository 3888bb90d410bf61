import { beforeAll, describe, expect, test, vi } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { env } from "@/lib/env";
import type { Actor } from "@/lib/permissions/actor";
import { editToken, removeToken } from "@/lib/tokens/commands";
import { getToken } from "@/lib/tokens/queries";
import { publishWorkspace, removeWorkspace } from "@/lib/workspaces/commands";
import { appInput, makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { bearerOf, makeToken, morning } from "@/testing/tokens";
import { bulkChangeApps } from "./bulk";
import { createApp, editApp, removeApp } from "./commands";
import { issueAppToken } from "./issue-token";
import { getApp, getAppDraft } from "./queries";
import { appChanges, newApp } from "./schema";

vi.setConfig({ testTimeout: 60_000 });

const run = "workspace/Rivers/gauge-levels:run";

let ada: Actor;
let olu: Actor;
let root: Actor;

beforeAll(async () => {
  await introduceCast(morning);
  [ada, olu, root] = [await actorOf("ada", morning), await actorOf("olu", morning), await actorOf("root", morning)];
});

/** Ada with the permissions she has now, which are read once per request. */
const adaNow = () => actorOf("ada", morning);

/** The numbers of apps and of API tokens. */
const countAppsAndTokens = async () => [await db.app.count(), await db.token.count({ where: { kind: "api" } })];

const idOf = async (slug: string) => (await db.app.findUniqueOrThrow({ where: { slug } })).id;

const eventsOf = async (id: string) =>
  (await db.auditEvent.findMany({ where: { subjectId: id }, orderBy: { id: "asc" } })).map(({ action }) => action);

describe("creating an app", () => {
  test("creates a token with its name that may run its workspace and nothing else", async () => {
    const { app, value } = await makeApp(ada, { name: "River levels", slug: "river-levels" });
    const token = await getToken(ada, app.tokenId ?? "");
    expect(token).toMatchObject({ name: "River levels", kind: "api", app: { slug: "river-levels" }, enabled: true });
    expect(token).toMatchObject({ permissions: [run], allPermissions: false, inUrl: false, state: "active" });
    expect((await bearerOf(value, morning)).given).toEqual(new Set([run]));
    expect(app).toMatchObject({
      owner: "ada",
      repository: "Rivers",
      workspace: "gauge-levels",
      parameters: [{ name: "LEVEL", shown: true, default: null }],
      enabled: true,
      available: true,
      faults: [],
      runs: 0,
      lastRunAt: null,
      can: { edit: true, enable: false, disable: true, expire: true, issueToken: true, duplicate: true, remove: true },
    });
    expect(await getApp(await adaNow(), "river-levels")).toEqual(app);
    expect(await eventsOf(await idOf("river-levels"))).toEqual(["app.create"]);
    expect(await eventsOf(token.id)).toEqual(["token.create"]);
  });

  test("gives the token ten years by default, and never more than the server allows", async () => {
    const { app } = await makeApp(ada);
    expect(app.expiresAt).toBe(later(morning, days(3650)).toISOString());
    const soon = later(morning, days(7)).toISOString();
    expect((await makeApp(ada, { expiresAt: soon })).app.expiresAt).toBe(soon);
    const settings = env();
    const { tokenLifetimeDaysMax } = settings;
    try {
      settings.tokenLifetimeDaysMax = 30;
      expect((await makeApp(ada)).app.expiresAt).toBe(later(morning, days(30)).toISOString());
    } finally {
      settings.tokenLifetimeDaysMax = tokenLifetimeDaysMax;
    }
    await expect(makeApp(ada, { expiresAt: later(morning, days(3651)).toISOString() })).rejects.toMatchObject({
      code: "invalid",
      field: "expiresAt",
    });
  });

  test("by a token lasts as long as that token by default, and never longer", async () => {
    const expiresAt = later(morning, days(5)).toISOString();
    const { value } = await makeToken(ada, { allPermissions: true, expiresAt });
    const { app } = await makeApp(await bearerOf(value, morning));
    const creator = await bearerOf(value, morning);
    expect(app.expiresAt).toBe(expiresAt);
    expect((await issueAppToken(creator, app.slug, {})).app.expiresAt).toBe(expiresAt);
    const tooLate = later(morning, days(6));
    const refusal = { code: "forbidden", field: "expiresAt", extra: { latest: expiresAt } };
    await expect(makeApp(creator, { expiresAt: tooLate.toISOString() })).rejects.toMatchObject(refusal);
    await expect(issueAppToken(creator, app.slug, { expiresAt: tooLate })).rejects.toMatchObject(refusal);
    await expect(editApp(creator, app.slug, { expiresAt: tooLate })).rejects.toMatchObject(refusal);
  });

  test("gives the token further permissions if the creator holds them", async () => {
    const { app } = await makeApp(ada, { permissions: ["jobs:access"] });
    expect((await getToken(ada, app.tokenId ?? "")).permissions).toEqual(["jobs:access", run]);
    const before = await countAppsAndTokens();
    await expect(makeApp(ada, { permissions: ["users:manage"] })).rejects.toMatchObject({
      code: "forbidden",
      field: "permissions",
    });
    expect(await countAppsAndTokens()).toEqual(before);
  });

  test("needs tokens:manage when a token does it", async () => {
    const { value } = await makeToken(ada, { permissions: ["apps:create", run] });
    await expect(makeApp(await bearerOf(value, morning))).rejects.toMatchObject({
      code: "forbidden",
      extra: { permission: "tokens:manage" },
    });
  });

  test("needs apps:create and the permission to run the workspace", async () => {
    await expect(makeApp(olu)).rejects.toMatchObject({ code: "forbidden", extra: { permission: "apps:create" } });
    const { value } = await makeToken(ada, { permissions: ["apps:create", "tokens:manage"] });
    await expect(makeApp(await bearerOf(value, morning))).rejects.toMatchObject({
      code: "invalid",
      field: "workspace",
    });
    const reader = await makeToken(ada, {
      permissions: ["apps:create", "tokens:manage", "workspace/Rivers/gauge-levels:read"],
    });
    await expect(makeApp(await bearerOf(reader.value, morning))).rejects.toMatchObject({
      code: "forbidden",
      extra: { permission: run },
    });
    const runner = await makeToken(ada, { permissions: ["apps:create", "tokens:manage", run] });
    const { app } = await makeApp(await bearerOf(runner.value, morning));
    expect(app).toMatchObject({ owner: "ada", can: { edit: false, remove: false } });
  });

  test.each([
    ["a workspace that is not there", { workspace: "gauge-level" }, "invalid", "workspace"],
    ["a default that the workspace refuses", { parameters: [level(5000)] }, "invalid", "parameters.LEVEL"],
    ["a date in the past", { expiresAt: "2026-03-02T08:59:59Z" }, "invalid", "expiresAt"],
    ["an item that is not there", { permissions: ["app/nothing:manage"] }, "forbidden", "permissions"],
  ])("creates nothing for %s", async (_, settings, code, field) => {
    const before = await countAppsAndTokens();
    await expect(makeApp(ada, settings)).rejects.toMatchObject({ code, field });
    expect(await countAppsAndTokens()).toEqual(before);
  });

  test("creates nothing when the slug or the name of the token is taken", async () => {
    await makeApp(ada, { name: "Taken", slug: "taken" });
    await makeToken(ada, { name: "My token" });
    const before = await countAppsAndTokens();
    await expect(makeApp(root, { slug: "taken" })).rejects.toMatchObject({ code: "conflict", field: "slug" });
    await expect(makeApp(ada, { name: "My token" })).rejects.toMatchObject({ code: "conflict", field: "name" });
    await expect(makeApp(ada, { name: "Taken" })).rejects.toMatchObject({ code: "conflict", field: "name" });
    expect(await countAppsAndTokens()).toEqual(before);
  });

  test("again under the same Idempotency-Key answers the same app without the token's value", async () => {
    const input = appInput();
    const first = await createApp(ada, input, "wizard-1");
    const again = await createApp(ada, input, "wizard-1");
    expect(first.value).not.toBeNull();
    expect(again).toEqual({ app: first.app, value: null });
    for (const change of [{ workspace: "flood-warnings" }, { slug: "another" }]) {
      await expect(createApp(ada, { ...input, ...change }, "wizard-1")).rejects.toMatchObject({
        code: "conflict",
        field: "Idempotency-Key",
      });
    }
    await removeApp(await adaNow(), first.app.slug);
    await expect(createApp(ada, input, "wizard-1")).rejects.toMatchObject({ field: "Idempotency-Key" });
  });
});

const level = (value: number, shown = true) => ({ name: "LEVEL", shown, default: value });

describe("the fields of an app", () => {
  const good = { name: "A", slug: "a", repository: "Rivers", workspace: "gauge-levels" };

  test.each(["", "New", "new", "-a", "a-", "a/b", "ä", "a b", "x".repeat(61)])("refuse the slug %j", (slug) => {
    expect(newApp.safeParse({ ...good, slug }).success).toBe(false);
  });

  test.each(["javascript:alert(1)", "https://a.example/path", "https://*.example", "a.example", "https://u@a.example"])(
    "refuse the origin %j",
    (origin) => expect(newApp.safeParse({ ...good, frameOrigins: [origin] }).success).toBe(false),
  );

  test("keep each origin once, as browsers write it", () => {
    const frameOrigins = ["https://B.example:443/", "https://b.example", "http://a.example:8080"];
    expect(newApp.parse({ ...good, frameOrigins }).frameOrigins).toEqual([
      "http://a.example:8080",
      "https://b.example",
    ]);
  });
});

describe("changing an app", () => {
  test("changes the given fields and records it, and records nothing when nothing changes", async () => {
    const { app } = await makeApp(ada);
    const who = await adaNow();
    const change = { name: "Levels", parameters: [level(150, false)], frameOrigins: ["https://www.example.org"] };
    expect(await editApp(who, app.slug, change)).toMatchObject(change);
    await editApp(who, app.slug, change);
    expect(await editApp(who, app.slug, { enabled: false })).toMatchObject({
      available: false,
      faults: [{ fault: "app-disabled", cures: ["enable-app"] }],
      can: { enable: true, disable: false },
    });
    expect(await editApp(who, app.slug, { enabled: true })).toMatchObject({ available: true, faults: [] });
    const events = ["app.create", "app.edit", "app.disable", "app.enable"];
    expect(await eventsOf(await idOf(app.slug))).toEqual(events);
  });

  test("changes the expiration of its token, which makes an expired token valid again", async () => {
    const { app } = await makeApp(ada, { expiresAt: later(morning, days(1)).toISOString() });
    const who = await actorOf("ada", later(morning, days(2)));
    expect(await getApp(who, app.slug)).toMatchObject({
      available: false,
      faults: [{ fault: "token-expired", cures: ["new-date", "new-token"] }],
    });
    const expiresAt = later(morning, days(9));
    expect(await editApp(who, app.slug, { expiresAt })).toMatchObject({
      available: true,
      expiresAt: expiresAt.toISOString(),
      tokenId: app.tokenId,
    });
    await expect(editApp(who, app.slug, { expiresAt: morning })).rejects.toMatchObject({ field: "expiresAt" });
  });

  test("is allowed to users who may manage it, but only its owner manages its token", async () => {
    const { app } = await makeApp(ada);
    await expect(editApp(olu, app.slug, { enabled: false })).rejects.toMatchObject({ code: "not-found" });
    const expiresAt = later(morning, days(9));
    await expect(editApp(root, app.slug, { expiresAt })).rejects.toMatchObject({
      code: "forbidden",
      field: "expiresAt",
    });
    await expect(issueAppToken(root, app.slug, {})).rejects.toMatchObject({ code: "forbidden" });
    await editToken(ada, app.tokenId ?? "", { enabled: false });
    expect(await getApp(root, app.slug)).toMatchObject({
      tokenId: null,
      available: false,
      faults: [{ fault: "owner", cures: [] }],
      can: { edit: true, expire: false, issueToken: false, remove: true },
    });
    expect(await editApp(root, app.slug, { enabled: false })).toMatchObject({ enabled: false });
  });
});

describe("a new token for an app", () => {
  test("replaces the former token and keeps its permissions", async () => {
    const { app, value } = await makeApp(ada, { permissions: ["jobs:access"] });
    const who = await adaNow();
    const issued = await issueAppToken(who, app.slug, {});
    expect(issued.app).toMatchObject({ available: true, expiresAt: later(morning, days(3650)).toISOString() });
    await expect(bearerOf(value, morning)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(getToken(ada, app.tokenId ?? "")).rejects.toMatchObject({ code: "not-found" });
    const given = (await bearerOf(issued.value?.reveal() ?? "", morning)).given;
    expect(given).toEqual(new Set(["jobs:access", run]));
    expect(await getToken(ada, issued.app.tokenId ?? "")).toMatchObject({ name: app.name, app: { slug: app.slug } });
    expect(await eventsOf(await idOf(app.slug))).toEqual(["app.create", "app.issue-token"]);
    expect(await eventsOf(app.tokenId ?? "")).toEqual(["token.create", "token.remove"]);
  });

  test("repairs an app whose token was removed", async () => {
    const { app } = await makeApp(ada);
    await removeToken(ada, app.tokenId ?? "");
    const who = await adaNow();
    expect(await getApp(who, app.slug)).toMatchObject({
      tokenId: null,
      expiresAt: null,
      available: false,
      faults: [{ fault: "token-removed", cures: ["new-token"] }],
      can: { expire: false, issueToken: true },
    });
    const expiresAt = later(morning, days(9));
    await expect(editApp(who, app.slug, { expiresAt })).rejects.toMatchObject({ code: "conflict", field: "expiresAt" });
    const issued = await issueAppToken(who, app.slug, { expiresAt }, "once");
    expect(issued.app).toMatchObject({ available: true, expiresAt: expiresAt.toISOString() });
    expect(await issueAppToken(who, app.slug, { expiresAt }, "once")).toEqual({ app: issued.app, value: null });
  });

  test("is refused when its name is taken; the former one stays removed", async () => {
    const { app } = await makeApp(ada);
    await removeToken(ada, app.tokenId ?? "");
    await makeToken(ada, { name: app.name });
    const who = await adaNow();
    await expect(issueAppToken(who, app.slug, {})).rejects.toMatchObject({ code: "conflict", field: "name" });
    expect((await getApp(who, app.slug)).tokenId).toBeNull();
  });

  test("is refused permissions that the actor does not hold", async () => {
    const { app } = await makeApp(ada);
    const { value } = await makeToken(await adaNow(), { permissions: [`app/${app.slug}:manage`] });
    const manager = await bearerOf(value, morning);
    expect((await editApp(manager, app.slug, { description: "Mine." })).description).toBe("Mine.");
    await expect(issueAppToken(manager, app.slug, {})).rejects.toMatchObject({ code: "forbidden" });
    expect((await getApp(await adaNow(), app.slug)).tokenId).toBe(app.tokenId);
  });
});

describe("removing an app", () => {
  test("removes its token too, by its owner or a manager, and keeps the audit events of both", async () => {
    for (const who of [adaNow, async () => root]) {
      const { app, value } = await makeApp(ada);
      const id = await idOf(app.slug);
      await removeApp(await who(), app.slug);
      expect(await db.app.count({ where: { id } })).toBe(0);
      await expect(bearerOf(value, morning)).rejects.toMatchObject({ code: "unauthenticated" });
      expect(await eventsOf(id)).toEqual(["app.create", "app.remove"]);
      expect(await eventsOf(app.tokenId ?? "")).toEqual(["token.create", "token.remove"]);
      const ofToken = await db.auditEvent.findFirst({
        where: { subjectId: app.tokenId ?? "", action: "token.remove" },
      });
      expect(ofToken?.subjectOwnerId).toBe(ada.userId);
      await expect(removeApp(await who(), app.slug)).rejects.toMatchObject({ code: "not-found" });
    }
  });

  test("is not done by removing its workspace, and a new workspace of that name does not replace it", async () => {
    const path = { repository: "Rivers", name: "short-lived" };
    const text = "/*---\ntitle: Trial\noutput: json\n---*/\nSELECT 1 AS one\n";
    await publishWorkspace(ada, path, text);
    const { app } = await makeApp(await adaNow(), { workspace: "short-lived" });
    const who = await adaNow();
    await removeWorkspace(who, path);
    await publishWorkspace(who, path, text);
    expect(await getApp(who, app.slug)).toMatchObject({
      workspace: "short-lived",
      available: false,
      faults: [{ fault: "workspace-removed", cures: [] }],
    });
    await expect(issueAppToken(who, app.slug, {})).rejects.toMatchObject({ code: "conflict" });
    await expect(editApp(who, app.slug, { parameters: [] })).rejects.toMatchObject({ field: "parameters" });
  });
});

describe("several apps at once", () => {
  test("are enabled, disabled, extended and removed, with an outcome for each", async () => {
    const [one, two] = [(await makeApp(ada)).app.slug, (await makeApp(ada)).app.slug];
    const others = (await makeApp(root)).app.slug;
    const who = await adaNow();
    const change = async (input: object, by = who) => {
      const { outcomes } = await bulkChangeApps(
        by,
        appChanges.parse({ slugs: [two, one, two, others, "never"], ...input }),
      );
      return Object.fromEntries(outcomes.map(({ slug, outcome }) => [slug, outcome]));
    };
    const notFound = { [others]: "not-found", never: "not-found" };
    await editApp(who, one, { enabled: false });
    const disabled = { [one]: "unchanged", [two]: "changed", ...notFound };
    expect(await change({ change: "disable" })).toEqual(disabled);
    expect(await change({ change: "enable" })).toEqual({ [one]: "changed", [two]: "changed", ...notFound });
    await removeToken(ada, (await getApp(who, one)).tokenId ?? "");
    const expiresAt = later(morning, days(3)).toISOString();
    const extended = { [one]: "refused", [two]: "changed", ...notFound };
    expect(await change({ change: "expire", expiresAt })).toEqual(extended);
    expect((await getApp(who, two)).expiresAt).toBe(expiresAt);
    const byRoot = { [one]: "refused", [two]: "unchanged", [others]: "changed", never: "not-found" };
    expect(await change({ change: "expire", expiresAt }, root)).toEqual(byRoot);
    expect(await change({ change: "remove" })).toEqual({ [one]: "changed", [two]: "changed", ...notFound });
    expect(await db.app.count({ where: { slug: { in: [one, two] } } })).toBe(0);
    expect(appChanges.safeParse({ change: "expire", slugs: [one] }).success).toBe(false);
    expect(appChanges.safeParse({ change: "remove", slugs: [one], expiresAt }).success).toBe(false);
  });
});

test("a duplicate starts with the grantable permissions, and without the slug and the token", async () => {
  const { app } = await makeApp(ada, { parameters: [level(150, false)], permissions: ["jobs:access"] });
  const draft = await getAppDraft(await adaNow(), app.slug);
  expect(draft).toEqual({
    name: app.name,
    description: "",
    repository: "Rivers",
    workspace: "gauge-levels",
    parameters: [level(150, false)],
    frameOrigins: [],
    permissions: ["jobs:access"],
  });
  expect((await getAppDraft(root, app.slug)).permissions).toEqual([]);
  await expect(getAppDraft(olu, app.slug)).rejects.toMatchObject({ code: "not-found" });
});
