import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { bulkChangeApps } from "@/lib/apps/bulk";
import { editApp } from "@/lib/apps/commands";
import { issueAppToken } from "@/lib/apps/issue-token";
import { appChange, appChanges, newApp, newAppToken } from "@/lib/apps/schema";
import { days, later, minutes } from "@/lib/clock";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken, morning } from "@/testing/tokens";
import { bulkChange } from "./bulk";
import { createToken, editToken } from "./commands";
import { withExpirationTime } from "./expiration";
import { getToken } from "./queries";
import { newToken, tokenChanges, tokenPatch } from "./schema";

const weekSeconds = 604_800;
const aWeekAfter = (now: Date) => later(now, days(7)).toISOString();

beforeAll(() => introduceCast(morning));

test("a length counts from the server's time of the request, whatever else it says", () => {
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true, min: morning }),
      fc.integer({ min: 1, max: 1e9 }),
      (now, expiresInSeconds) => {
        const input = withExpirationTime(newToken.parse({ name: "any", permissions: [], expiresInSeconds }), now);
        expect(input).toMatchObject({ name: "any", expiresAt: new Date(now.getTime() + expiresInSeconds * 1000) });
      },
    ),
  );
  expect(withExpirationTime({ expiresAt: morning }, morning)).toEqual({ expiresAt: morning });
  expect(withExpirationTime(tokenPatch.parse({ name: "kept" }), morning)).toEqual({ name: "kept" });
});

test("a token is created, edited and enabled for a length", async () => {
  const ada = await actorOf("ada", morning);
  const request = newToken.parse({ name: "for a week", permissions: [], expiresInSeconds: weekSeconds });
  const { token } = await createToken(ada, request, "one-week");
  expect(token.expiresAt).toBe(aWeekAfter(morning));

  const soon = { ...ada, now: later(morning, minutes(9)) };
  const retried = await createToken(soon, request, "one-week");
  expect([retried.token.id, retried.token.expiresAt, retried.value]).toEqual([token.id, token.expiresAt, null]);

  const edited = await editToken(soon, token.id, tokenPatch.parse({ expiresInSeconds: weekSeconds }));
  expect(edited.expiresAt).toBe(aWeekAfter(soon.now));
  const unchanged = await editToken(soon, token.id, tokenPatch.parse({ description: "Still the same." }));
  expect(unchanged.expiresAt).toBe(aWeekAfter(soon.now));

  const inAMonth = await actorOf("ada", later(morning, days(30)));
  const changes = tokenChanges.parse({ change: "enable", ids: [token.id], expiresInSeconds: weekSeconds });
  expect((await bulkChange(inAMonth, changes)).outcomes).toMatchObject([{ outcome: "changed" }]);
  expect((await getToken(inAMonth, token.id)).expiresAt).toBe(aWeekAfter(inAMonth.now));
});

test("an app's token is created, changed and replaced for a length", async () => {
  const { app } = await makeApp(await actorOf("ada", morning), { slug: "weekly", expiresInSeconds: weekSeconds });
  const ada = await actorOf("ada", morning);
  expect(app.expiresAt).toBe(aWeekAfter(morning));
  const change = appChange.parse({ expiresInSeconds: 2 * weekSeconds });
  expect((await editApp(ada, "weekly", change)).expiresAt).toBe(aWeekAfter(later(morning, days(7))));
  const changes = appChanges.parse({ change: "expire", slugs: ["weekly"], expiresInSeconds: weekSeconds });
  expect((await bulkChangeApps(ada, changes)).outcomes).toMatchObject([{ app: { expiresAt: aWeekAfter(morning) } }]);
  const replaced = await issueAppToken(ada, "weekly", newAppToken.parse({ expiresInSeconds: weekSeconds }));
  expect(replaced.app.expiresAt).toBe(aWeekAfter(morning));
});

test("a length obeys the rules of a time", async () => {
  const ada = await actorOf("ada", morning);
  const tooLong = newToken.parse({ name: "too long", permissions: [], expiresInSeconds: 3_000_000_000 });
  await expect(createToken(ada, tooLong)).rejects.toMatchObject({ code: "invalid", field: "expiresAt" });
  const { token } = await makeToken(ada);
  const patch = tokenPatch.parse({ expiresInSeconds: 3_000_000_000 });
  await expect(editToken(ada, token.id, patch)).rejects.toMatchObject({ code: "invalid", field: "expiresAt" });
});

test("a request says its expiration once", () => {
  const both = { expiresAt: aWeekAfter(morning), expiresInSeconds: weekSeconds };
  const token = { name: "twice", permissions: [] };
  const app = { name: "Twice", slug: "twice", repository: "Rivers", workspace: "gauge-levels" };
  const refused = [
    newToken.safeParse({ ...token, ...both }),
    tokenPatch.safeParse(both),
    tokenChanges.safeParse({ change: "enable", ids: ["1"], ...both }),
    newApp.safeParse({ ...app, ...both }),
    appChange.safeParse(both),
    appChanges.safeParse({ change: "expire", slugs: ["twice"], ...both }),
    newAppToken.safeParse(both),
  ];
  for (const { error } of refused) expect(error?.issues.map(({ path }) => path)).toEqual([["expiresInSeconds"]]);
  expect(newToken.safeParse(token).error?.issues).toMatchObject([{ path: ["expiresAt"] }]);
  for (const expiresInSeconds of [0, -1, 1.5, 1e12, "7 days"])
    expect(tokenPatch.safeParse({ expiresInSeconds }).success, `${expiresInSeconds}`).toBe(false);
  expect(tokenChanges.safeParse({ change: "disable", ids: ["1"], expiresInSeconds: 1 }).success).toBe(false);
  expect(appChanges.safeParse({ change: "remove", slugs: ["twice"], expiresInSeconds: 1 }).success).toBe(false);
  expect(appChanges.safeParse({ change: "expire", slugs: ["twice"] }).success).toBe(false);
});
