import type { Page } from "@playwright/test";
import { accessibilityViolations, createToken, expect, test } from "./test";

const missing = "This part of the page couldn't be loaded.";

/** Cuts the page off from the server. What the page has loaded stays. */
async function cutOff(page: Page): Promise<void> {
  await page.context().setOffline(true);
}

/** Answers 404 for chunks that the open page has not loaded yet, as a server that was upgraded does, until the next page. */
async function upgradeServer(page: Page): Promise<void> {
  let isOldPage = true;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) isOldPage = false;
  });
  await page.unroute("**/_next/static/chunks/**");
  await page.route("**/_next/static/chunks/**", (route) =>
    isOldPage ? route.fulfill({ status: 404, body: "" }) : route.continue(),
  );
}

test("a menu that cannot be loaded says so, and the page stays", async ({ adasPage: page }) => {
  await createToken(page, "nightly");
  await page.goto("/settings/tokens");
  await expect(page.getByRole("row", { name: /nightly/ })).toBeVisible();
  await cutOff(page);
  const button = page.getByRole("button", { name: "Actions for nightly" });
  await button.click();
  const box = page.getByRole("dialog", { name: missing });
  await expect(box).toBeVisible();
  await expect(box.getByRole("button", { name: "Close" })).toBeFocused();
  await page.context().setOffline(false);
  expect(await accessibilityViolations(page)).toEqual([]);
  await cutOff(page);
  await page.keyboard.press("Escape");
  await expect(box).toBeHidden();
  await expect(page.getByRole("row", { name: /nightly/ })).toBeVisible();
  await expect(button).toBeFocused();

  await button.click();
  await box.getByRole("button", { name: "Reload" }).click();
  await expect(box).toContainText("The server still can't be reached.");
  await page.context().setOffline(false);
  await box.getByRole("button", { name: "Reload" }).click();
  await expect(box).toBeHidden();
  await expect(page.getByRole("row", { name: /nightly/ })).toBeVisible();
  if (!(await page.getByRole("menu").isVisible())) await button.click();
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeVisible();
});

test("the bar of the selected rows, which is no dialog, says in its place that it cannot be loaded", async ({
  adasPage: page,
}) => {
  await createToken(page, "nightly");
  await page.goto("/settings/tokens");
  await expect(page.getByRole("row", { name: /nightly/ })).toBeVisible();
  await cutOff(page);
  await page.getByLabel("Select nightly").check();
  await expect(page.getByRole("alert").filter({ hasText: missing })).toBeVisible();
  await expect(page.getByLabel("Select nightly")).toBeChecked();
});

test("a token is created and revealed without loading anything more", async ({ adasPage: page }) => {
  await page.goto("/settings/tokens/new?permission=workspace/Samples/nearby-earthquakes:run");
  await page.getByLabel("Name", { exact: true }).fill("unhurried");
  await upgradeServer(page);
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByRole("dialog", { name: "Copy your token now" })).toContainText("Token: unhurried");
});

test("without a connection a form says so, keeps what was typed, and works when the connection is back", async ({
  adasPage: page,
}) => {
  await page.goto("/settings/tokens/new?permission=workspace/Samples/nearby-earthquakes:run");
  await page.getByLabel("Name", { exact: true }).fill("patient");
  await cutOff(page);
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByText("The server didn't respond")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("patient");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByRole("dialog", { name: "Copy your token now" })).toContainText("Token: patient");
});

test("a link without a connection waits for it, and the page stays meanwhile", async ({ adasPage: page }) => {
  await page.goto("/settings/tokens/new");
  await expect(page.getByRole("button", { name: "Create token" })).toBeVisible();
  // Before the page is hydrated, the browser itself follows links.
  await page.waitForLoadState("networkidle");
  await cutOff(page);
  await page.getByRole("link", { name: "Manage Tokens" }).last().click();
  await expect(page.getByText("The server can't be reached.")).toBeVisible();
  await expect(page).not.toHaveTitle(/error|internet/i);
  await page.context().setOffline(false);
  await expect(page.getByRole("heading", { name: "Manage Tokens" })).toBeVisible();
  await expect(page.getByText("The server can't be reached.")).toBeHidden();
});

test("a page whose server was upgraded reloads once for a missing chunk, with what was typed", async ({
  adasPage: page,
}) => {
  await createToken(page, "nightly");
  await page.goto("/settings/tokens");
  await page
    .getByRole("row", { name: /nightly/ })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "nightly" })).toBeVisible();
  await page.getByLabel("Description").fill("Typed before the reload.");
  const loads: string[] = [];
  page.on("request", (request) => request.isNavigationRequest() && loads.push(request.url()));
  await upgradeServer(page);
  await page.getByRole("button", { name: "Remove…" }).click();
  await expect(async () => expect(loads).toHaveLength(1)).toPass();
  await expect(page.getByLabel("Description")).toHaveValue("Typed before the reload.");
  // The form has it, and not only the browser's memory of the field.
  await page.getByRole("link", { name: "Workspaces" }).click();
  await page.getByRole("button", { name: "Keep editing" }).click();

  // The second time within a minute it says so instead.
  await upgradeServer(page);
  await page.getByRole("button", { name: "Remove…" }).click();
  await expect(page.getByRole("dialog", { name: missing })).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("Typed before the reload.");
  expect(loads).toHaveLength(1);
  await page.getByRole("dialog", { name: missing }).getByRole("button", { name: "Reload" }).click();
  await expect(page.getByRole("dialog", { name: missing })).toBeHidden();
  expect(loads).toHaveLength(2);
  await expect(page.getByLabel("Description")).toHaveValue("Typed before the reload.");
  await page.getByRole("button", { name: "Remove…" }).click();
  await expect(page.getByRole("alertdialog", { name: "Remove nightly?" })).toBeVisible();
});
