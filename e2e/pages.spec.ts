import type { Page } from "@playwright/test";
import { db } from "@/lib/db";
import {
  accessibilityViolations,
  createApp,
  createToken,
  expect,
  letTimePass,
  type Person,
  runEarthquakes,
  tabTo,
  test,
} from "./test";

/**
 * Creates an expired token, a token that has run a job, and two apps, one of them disabled. Returns the URLs of all pages that
 * an author sees.
 */
async function createContent(page: Page, ownerId: string): Promise<string[]> {
  const value = await createToken(page, "nightly");
  await createToken(page, "a token with a rather long name that has to find room in a narrow table");
  const { id } = await db.token.findFirstOrThrow({ where: { ownerId, name: { startsWith: "a token" } } });
  await letTimePass(id, 40 * 24 * 60);
  const run = await runEarthquakes(page.request, value);
  expect(run.status()).toBe(200);
  const [open, closed] = [`open-${ownerId}`, `closed-${ownerId}`];
  await createApp(page, "Earthquakes near you", open);
  await createApp(page, "An app with a rather long name that has to find room in a narrow table", closed);
  await db.app.update({ where: { slug: closed }, data: { enabled: false } });
  return [
    "/",
    "/settings/tokens",
    "/settings/tokens?tab=session",
    "/settings/tokens?q=nothing-is-called-so",
    "/settings/tokens/new",
    `/settings/tokens/${id}`,
    "/settings/account",
    "/workspaces",
    "/workspaces/-/publish",
    "/workspaces/Samples",
    "/workspaces/Samples/nearby-earthquakes",
    "/workspaces/Samples/airports-by-state",
    "/jobs",
    `/jobs/${run.headers()["x-tessera-job"]}`,
    "/apps",
    "/apps?q=nothing-is-called-so",
    "/apps/new",
    "/apps/new?workspace=Samples/nearby-earthquakes&step=parameters",
    "/apps/new?workspace=Samples/nearby-earthquakes&step=access",
    "/apps/new?workspace=Samples/nearby-earthquakes&step=review",
    `/apps/${open}`,
    `/apps/${closed}`,
    `/a/${open}`,
    `/a/${closed}`,
    "/a/there-is-no-such-app",
    "/docs/api",
    "/there-is-no-such-page",
  ];
}

/** The URLs of all administration pages. */
const administration = ({ userName }: Person): string[] => [
  "/admin/users",
  "/admin/users?q=nobody-is-called-so",
  "/admin/users/new",
  `/admin/users/${userName}`,
  "/admin/roles",
  "/admin/roles/new",
  "/admin/roles/author",
  "/admin/roles/superuser",
  "/admin/audit",
  "/admin/audit?actor=nobody",
  "/admin/nothing",
];

/** Enough to open all pages one after the other on a slow machine. */
const manyPagesMs = 600_000;

for (const colorScheme of ["light", "dark"] as const) {
  test(`all administration pages are accessible, ${colorScheme}`, async ({ miasPage: page, ada }) => {
    test.setTimeout(manyPagesMs);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const path of administration(ada)) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle");
      expect(await accessibilityViolations(page), path).toEqual([]);
    }
  });

  test(`all pages are accessible, ${colorScheme}`, async ({ adasPage: page, ada }) => {
    test.setTimeout(manyPagesMs);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const path of await createContent(page, ada.userId)) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle");
      expect(await accessibilityViolations(page), path).toEqual([]);
    }
    await page.context().clearCookies();
    await page.goto("/sign-in?reason=ended&return=%2Fjobs");
    expect(await accessibilityViolations(page), "/sign-in").toEqual([]);
  });
}

test("dialogs and menus are accessible", async ({ adasPage: page, ada }) => {
  await createContent(page, ada.userId);
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Actions for nightly" }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  expect(await accessibilityViolations(page), "row menu").toEqual([]);
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  expect(await accessibilityViolations(page), "remove dialog").toEqual([]);

  await page.goto("/settings/tokens/new?permission=workspace/Samples/nearby-earthquakes:run");
  await page.getByLabel("Name", { exact: true }).fill("shown");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByRole("dialog").getByText(/curl /)).toBeVisible();
  expect(await accessibilityViolations(page), "reveal dialog").toEqual([]);
});

test("all administration pages fit 320 pixels", async ({ miasPage: page, ada }) => {
  test.setTimeout(manyPagesMs);
  await page.setViewportSize({ width: 320, height: 720 });
  for (const path of administration(ada)) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});

test("all pages fit 320 pixels, and 1280 pixels at twice the size", async ({ adasPage: page, ada }) => {
  test.setTimeout(manyPagesMs);
  const paths = await createContent(page, ada.userId);
  for (const width of [320, 640]) {
    await page.setViewportSize({ width, height: 720 });
    for (const path of [...paths, "/sign-in"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const overflow = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect(overflow, `${path} at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
});

test("a token is created and removed with the keyboard alone", async ({ adasPage: page }) => {
  await page.goto("/settings/tokens");
  await tabTo(page, "Skip to content");
  await page.keyboard.press("Enter");
  await tabTo(page, "New token");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "New token" })).toBeVisible();
  await tabTo(page, "Name");
  await page.keyboard.type("by keyboard");
  await tabTo(page, "Search permissions");
  await page.keyboard.type("nearby");
  await tabTo(page, "Run");
  await page.keyboard.press("Space");
  await tabTo(page, "Create token");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, "I have saved this token");
  await page.keyboard.press("Space");
  await tabTo(page, "Done");
  await page.keyboard.press("Enter");

  await expect(page.getByRole("row", { name: /by keyboard/ })).toBeVisible();
  await tabTo(page, "Actions for by keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Remove…" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await tabTo(page, "Remove token");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No API tokens yet")).toBeVisible();
});

test("a browser tab names what its page shows, and nothing that its reader may not see", async ({
  adasPage: page,
  ada,
  miasPage,
}) => {
  await createToken(page, "nightly-export");
  await createApp(page, "Quakes nearby", `titled-${ada.userName}`);
  const { id } = await db.token.findFirstOrThrow({ where: { ownerId: ada.userId, name: "nightly-export" } });
  const own = {
    "/settings/tokens": "Manage Tokens",
    [`/settings/tokens/${id}`]: "nightly-export · Tokens",
    "/settings/tokens/new": "New token · Tokens",
    [`/settings/tokens/new?from=${id}`]: "Duplicate nightly-export · Tokens",
    [`/apps/titled-${ada.userName}`]: "Quakes nearby · Apps",
    [`/apps/new?from=titled-${ada.userName}`]: "Duplicate Quakes nearby · Apps",
  };
  for (const [path, title] of Object.entries(own)) {
    await page.goto(path);
    await expect(page).toHaveTitle(`${title} · Tessera`);
  }
  await page.goto("/workspaces/Samples/nearby-earthquakes");
  await expect(page).toHaveTitle("Nearby earthquakes · Workspaces · Tessera");
  await page.goto(`/a/titled-${ada.userName}`);
  await expect(page).toHaveTitle("Quakes nearby");

  await miasPage.goto(`/admin/users/${ada.userName}`);
  await expect(miasPage).toHaveTitle(`${ada.userName} · Users · Tessera`);
  await miasPage.goto("/admin/roles/author");
  await expect(miasPage).toHaveTitle("Author · Roles · Tessera");
  for (const path of Object.keys(own).filter((each) => each.includes(id) || each.includes("titled"))) {
    await miasPage.goto(path);
    await expect(miasPage.getByRole("heading", { name: "Page not found, or you don't have access" })).toBeVisible();
    await expect(miasPage).toHaveTitle("Page not found · Tessera");
  }
});
