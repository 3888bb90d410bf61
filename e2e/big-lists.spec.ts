import { hash } from "node:crypto";
import type { Page } from "@playwright/test";
import { days, later, now } from "@/lib/clock";
import { db } from "@/lib/db";
import { writeManyTokens } from "@/testing/many-tokens";
import { accessibilityViolations, expect, test } from "./test";

/** Selects every row of a table, then all matching ones on other pages too. */
async function selectAll(page: Page, table: "Active" | "Expired", amount: string): Promise<void> {
  const offer = page.getByRole("button", { name: `Select all ${amount} matching` });
  await expect(async () => {
    await page.getByLabel(`Select all: ${table}`).check();
    await expect(offer).toBeVisible({ timeout: 1000 });
  }).toPass();
  await offer.click();
  await expect(page.getByText(`All ${amount} selected`)).toBeVisible();
}

/** Delays the batch of that number, until it is released or aborted. */
async function delayBatch(page: Page, number: number): Promise<{ release: () => void; abort: () => void }> {
  let decide: (isAborted: boolean) => void = () => {};
  const isAborted = new Promise<boolean>((resolve) => {
    decide = resolve;
  });
  let batches = 0;
  await page.route("**/api/v1/token-changes", async (route) => {
    if (++batches === number && (await isAborted)) await route.abort();
    else await route.continue();
  });
  return { release: () => decide(false), abort: () => decide(true) };
}

test("all matching tokens are disabled in batches that can be stopped, and removed", async ({
  adasPage: page,
  ada,
}) => {
  test.slow();
  await writeManyTokens(ada.userId, 2500, now());
  const delayed = await delayBatch(page, 2);
  await page.goto("/settings/tokens");
  const bar = page.getByRole("region", { name: "Disabling 2,500 tokens" });
  const enabled = () => db.token.count({ where: { ownerId: ada.userId, kind: "api", enabled: true } });

  await test.step("the dialog shows the count, and the bar the progress", async () => {
    await selectAll(page, "Active", "2,500");
    await page.getByRole("button", { name: "Disable 2,500 tokens" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Disable 2,500 tokens?" });
    await expect(dialog).toBeVisible();
    expect(await accessibilityViolations(page), "dialog").toEqual([]);
    await dialog.getByRole("button", { name: "Disable 2,500 tokens" }).click();
    await expect(bar).toContainText("500 of 2,500 done");
    await expect(bar).toBeFocused();
    await expect(bar.getByRole("progressbar")).toHaveAttribute("value", "500");
    expect(await accessibilityViolations(page), "bar").toEqual([]);
  });

  await test.step("stopped with the keyboard, it ends after the current batch", async () => {
    await page.keyboard.press("Tab");
    await expect(bar.getByRole("button", { name: "Stop" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(bar.getByRole("button", { name: "Stopping…" })).toBeVisible();
    delayed.release();
    await expect(bar).toContainText("1,000 of 2,500 done");
    await expect(bar.getByRole("status")).toHaveText("Stopped. The rest were not changed.");
    expect(await enabled()).toBe(1500);
  });

  await test.step("it continues from there to the end", async () => {
    await bar.getByRole("button", { name: "Resume" }).click();
    await expect(page.getByText("Disabled 2,500 tokens")).toBeVisible();
    await expect(bar).toBeHidden();
    await expect(page.getByRole("row", { name: /^Select token 02500/ })).toContainText("Disabled");
    expect(await enabled()).toBe(0);
  });

  await test.step("all are removed, and each has an audit event", async () => {
    await selectAll(page, "Active", "2,500");
    await page.getByRole("button", { name: "Remove 2,500 tokens" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove 2,500 tokens" }).click();
    await expect(page.getByText("No API tokens yet")).toBeVisible({ timeout: 60_000 });
    const traces = await db.auditEvent.groupBy({
      by: ["action"],
      where: { subjectOwnerId: ada.userId, subjectType: "token" },
      _count: true,
      orderBy: { action: "asc" },
    });
    expect(traces.filter(({ action }) => action.startsWith("token."))).toEqual([
      { action: "token.disable", _count: 2500 },
      { action: "token.remove", _count: 2500 },
    ]);
  });
});

test("tokens that the filter does not match, and tokens created later, are not changed", async ({
  adasPage: page,
  ada,
}) => {
  await writeManyTokens(ada.userId, 60, now());
  await db.token.updateMany({ where: { ownerId: ada.userId, name: "token 00001" }, data: { name: "another" } });
  await page.goto("/settings/tokens?q=token");
  await selectAll(page, "Active", "59");
  await page.getByRole("button", { name: "Remove 59 tokens" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Remove 59 tokens?" });
  await expect(dialog).toContainText("Everything that matches “token”");
  const since = { ownerId: ada.userId, kind: "api", name: "token made since", lastFour: "made" } as const;
  const lifetime = { createdAt: now(), expiresAt: later(now(), days(1)) };
  await db.token.create({ data: { ...since, ...lifetime, digest: hash("sha256", ada.userId, "buffer") } });
  await dialog.getByRole("button", { name: "Remove 59 tokens" }).click();
  await expect(page.getByRole("rowheader")).toHaveText([/token made since/]);
  await page.getByRole("searchbox", { name: /^Search/ }).fill("");
  await expect(page.getByRole("rowheader")).toHaveText([/token made since/, /another/]);
});

test("a batch without an answer is reported as unknown, and can be retried", async ({ adasPage: page, ada }) => {
  await writeManyTokens(ada.userId, 600, now());
  const delayed = await delayBatch(page, 2);
  await page.goto("/settings/tokens");
  await selectAll(page, "Active", "600");
  await page.getByRole("button", { name: "Disable 600 tokens" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable 600 tokens" }).click();
  const bar = page.getByRole("region", { name: "Disabling 600 tokens" });
  await expect(bar).toContainText("500 of 600 done");
  delayed.abort();
  await expect(bar.getByRole("status")).toContainText("may or may not have been saved");
  await bar.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Disabled 600 tokens")).toBeVisible();
  expect(await db.token.count({ where: { ownerId: ada.userId, kind: "api", enabled: true } })).toBe(0);
});

test("all expired tokens are enabled with one new expiration", async ({ adasPage: page, ada }) => {
  await writeManyTokens(ada.userId, 60, later(now(), -days(2)), { halfExpired: true });
  await page.goto("/settings/tokens");
  await selectAll(page, "Expired", "30");
  await page.getByRole("button", { name: "Enable 30 tokens" }).click();
  const dialog = page.getByRole("dialog", { name: "Enable 30 tokens" });
  await dialog.getByText("7 days").click();
  await dialog.getByRole("button", { name: "Enable 30 tokens" }).click();
  await expect(page.getByText("Enabled 30 tokens")).toBeVisible();
  await expect(page.getByRole("table", { name: "Expired" })).toHaveCount(0);
  expect(await db.token.count({ where: { ownerId: ada.userId, kind: "api", expiresAt: { gt: now() } } })).toBe(60);
});

test("a long list shows its count and can be read to its end", async ({ adasPage: page, ada }) => {
  await writeManyTokens(ada.userId, 60, now());
  await page.goto("/settings/tokens?sort=name");
  const pages = page.getByRole("navigation", { name: "Pages of the active table" });
  await expect(page.getByText("60", { exact: true })).toBeVisible();
  await expect(page.getByRole("rowheader").first()).toHaveText(/token 00001/);
  await pages.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("rowheader").first()).toHaveText(/token 00026/);
  await pages.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("rowheader").last()).toHaveText(/token 00060/);
  await expect(pages.getByRole("link", { name: "Next page" })).toHaveCount(0);
  await pages.getByRole("link", { name: "First page" }).click();
  await expect(page.getByRole("rowheader").first()).toHaveText(/token 00001/);
});
