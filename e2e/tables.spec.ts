import type { Page } from "@playwright/test";
import { now } from "@/lib/clock";
import { writeManyTokens } from "@/testing/many-tokens";
import { accessibilityViolations, expect, publishWorkspace, tabTo, test } from "./test";

const header = (page: Page, name: string) => page.getByRole("columnheader", { name, exact: true });

/** Opens the Columns menu. */
async function openColumns(page: Page): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: "Columns" }).click();
    await expect(page.getByRole("menu", { name: "Columns" })).toBeVisible({ timeout: 1000 });
  }).toPass();
}

/** What the browser reports as an error, such as a page that differs from what the server rendered. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  return errors;
}

test("columns are hidden and shown in a menu, and the browser remembers them per table", async ({
  adasPage: page,
  ada,
}) => {
  await writeManyTokens(ada.userId, 2, now());
  const errors = errorsOf(page);
  await page.goto("/settings/tokens");

  await test.step("the menu offers every column but the name, and stays open", async () => {
    await openColumns(page);
    await expect(page.getByRole("menuitemcheckbox")).toHaveText([
      "Token",
      "Permissions",
      "Created",
      "Expires",
      "Last used",
      "Status",
    ]);
    expect(await accessibilityViolations(page), "Columns menu").toEqual([]);
    await page.getByRole("menuitemcheckbox", { name: "Created" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Token" }).click();
    await expect(page.getByRole("menuitemcheckbox", { name: "Created" })).not.toBeChecked();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Columns" })).toBeFocused();
    await expect(header(page, "Created")).toHaveCount(0);
    await expect(header(page, "Token")).toHaveCount(0);
    await expect(header(page, "Expires")).toBeVisible();
  });

  await test.step("after a reload they are still hidden, in this table only", async () => {
    await page.reload();
    await expect(header(page, "Created")).toHaveCount(0);
    await page.goto("/settings/tokens?tab=session");
    await expect(header(page, "Signed in")).toBeVisible();
    await openColumns(page);
    await page.getByRole("menuitemcheckbox", { name: "Status" }).click();
    await page.goto("/settings/tokens");
    await expect(header(page, "Created")).toHaveCount(0);
    await expect(header(page, "Status")).toBeVisible();
  });

  await test.step("cards leave them out, too", async () => {
    await page.setViewportSize({ width: 320, height: 720 });
    const card = page.getByRole("row", { name: /token 00002/ });
    await expect(card.locator("[data-label=Expires]")).toBeVisible();
    await expect(card.locator("[data-label=Created]")).toHaveCount(0);
    expect(await accessibilityViolations(page), "cards").toEqual([]);
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  await test.step("shown again by keyboard, they are back", async () => {
    await tabTo(page, "Columns");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("menuitemcheckbox", { name: "Token" })).toBeFocused();
    await page.keyboard.press("Space");
    await expect(header(page, "Token")).toBeVisible();
    await expect(page.getByRole("menu", { name: "Columns" })).toBeVisible();
  });
  expect(errors).toEqual([]);
});

test("nonsense in the browser's storage hides nothing, and only ids of columns are stored", async ({
  adasPage: page,
  ada,
}) => {
  await writeManyTokens(ada.userId, 1, now());
  const errors = errorsOf(page);
  await page.goto("/settings/tokens");
  for (const nonsense of ['{"createdAt":false}', "name,no such column,__proto__", ",,", "\u0000"]) {
    await page.evaluate((text) => localStorage.setItem("tessera-columns-api-tokens", text), nonsense);
    await page.reload({ waitUntil: "networkidle" });
    for (const name of ["Name", "Token", "Permissions", "Created", "Expires", "Last used", "Status"])
      await expect(header(page, name), `${name} with ${nonsense}`).toBeVisible();
  }
  await openColumns(page);
  await page.getByRole("menuitemcheckbox", { name: "Last used" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Created" }).click();
  expect(await page.evaluate(() => ({ ...localStorage }))).toEqual({
    "tessera-columns-api-tokens": "createdAt,lastUsed",
  });
  expect(errors).toEqual([]);
});

test("a row of Manage Tokens is few elements with few attributes, and the data of all rows is one text", async ({
  adasPage: page,
  ada,
}) => {
  await writeManyTokens(ada.userId, 25, now());
  const html = await (await page.request.get("/settings/tokens")).text();
  const [, rows = ""] = /<tbody>(.*?)<\/tbody>/s.exec(html) ?? [];
  const perRow = (pattern: RegExp) => (rows.match(pattern) ?? []).length / 25;
  expect(perRow(/<tr>/g)).toBe(1);
  expect(perRow(/<[a-z]/g)).toBeLessThan(22);
  expect(perRow(/ [\w-]+="/g)).toBeLessThan(38);
  expect(html).toMatch(/\\"active\\":\\"\$[0-9a-f]+\\"/);
});

test("Shift selects the range from the row that was changed last, and deselects it", async ({
  adasPage: page,
  ada,
}) => {
  await writeManyTokens(ada.userId, 6, now());
  await page.goto("/settings/tokens?sort=name");
  const box = (number: number) => page.getByLabel(`Select token 0000${number}`);
  const selected = () => page.getByRole("row").and(page.locator("[data-selected]")).getByRole("rowheader");
  await expect(async () => {
    await box(2).check();
    await expect(page.getByText("1 selected")).toBeVisible({ timeout: 1000 });
  }).toPass();

  await box(5).click({ modifiers: ["Shift"] });
  await expect(selected()).toHaveText([/00002/, /00003/, /00004/, /00005/]);
  await expect(page.getByText("4 selected")).toBeVisible();
  await box(4).click({ modifiers: ["Shift"] });
  await expect(selected()).toHaveText([/00002/, /00003/]);
  await box(1).click();
  await expect(selected()).toHaveText([/00001/, /00002/, /00003/]);

  await test.step("the range runs in the order of the table", async () => {
    await page.getByRole("button", { name: "Clear" }).click();
    await expect(page.getByRole("heading", { name: "Active" })).toBeFocused();
    await header(page, "Name").getByRole("link").click();
    await expect(page.getByRole("rowheader").first()).toHaveText(/00006/);
    await box(6).check();
    await box(4).click({ modifiers: ["Shift"] });
    await expect(selected()).toHaveText([/00006/, /00005/, /00004/]);
    await page.getByLabel("Select all: Active").check();
    await expect(page.getByText("6 selected")).toBeVisible();
  });
});

test("a table is sorted by its headers with the keyboard, and says how", async ({ adasPage: page, ada }) => {
  await writeManyTokens(ada.userId, 3, now());
  await page.goto("/settings/tokens");
  const names = page.getByRole("rowheader");
  await expect(header(page, "Created")).toHaveAttribute("aria-sort", "descending");
  await expect(header(page, "Name")).toHaveAttribute("aria-sort", "none");
  expect(await header(page, "Permissions").getAttribute("aria-sort")).toBeNull();

  await tabTo(page, "Name");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/sort=name/);
  await expect(header(page, "Name")).toHaveAttribute("aria-sort", "ascending");
  await expect(header(page, "Created")).toHaveAttribute("aria-sort", "none");
  await expect(names).toHaveText([/00001/, /00002/, /00003/]);
  await expect(header(page, "Name").getByRole("link")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(header(page, "Name")).toHaveAttribute("aria-sort", "descending");
  await expect(names).toHaveText([/00003/, /00002/, /00001/]);

  await tabTo(page, "Created");
  await page.keyboard.press("Enter");
  await expect(header(page, "Created")).toHaveAttribute("aria-sort", "descending");
});

/** Publishes a workspace of Ada's whose result has 120 rows: numbers, and names that are missing in two of them. */
async function publishNumbers(page: Page, repository: string): Promise<string> {
  const source = `/*---
title: Numbers
output: json
---*/
SELECT n, CASE WHEN n % 60 <> 0 THEN 'name ' || (121 - n) END AS name FROM range(1, 121) AS numbers(n)`;
  return publishWorkspace(page, repository, "numbers", source);
}

test("a result is sorted and paged in the browser, empty cells last", async ({ adasPage: page, ada }) => {
  await page.goto(await publishNumbers(page, `numbers-${ada.userName}`));
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const grid = page.getByRole("region", { name: "Rows of the result" });
  const pages = page.getByRole("navigation", { name: "Pages of the result" });
  const firstRow = grid.getByRole("row").nth(1).getByRole("cell");
  const lastRow = grid.getByRole("row").last().getByRole("cell");
  await expect(pages.getByRole("status")).toHaveText("1–50 of 120", { timeout: 30_000 });
  await expect(firstRow).toHaveText(["1", "name 120"]);

  await test.step("pages are turned to the last one", async () => {
    await expect(pages.getByRole("button", { name: "Previous" })).toBeDisabled();
    await pages.getByRole("button", { name: "Next" }).click();
    await pages.getByRole("button", { name: "Next" }).click();
    await expect(pages.getByRole("status")).toHaveText("101–120 of 120");
    await expect(lastRow).toHaveText(["120", "–"]);
    await expect(pages.getByRole("button", { name: "Next" })).toBeDisabled();
  });

  await test.step("by keyboard a header sorts ascending, from the first page on", async () => {
    await grid.focus();
    await tabTo(page, "name");
    await page.keyboard.press("Enter");
    await expect(header(page, "name")).toHaveAttribute("aria-sort", "ascending");
    await expect(pages.getByRole("status")).toHaveText("1–50 of 120");
    await expect(firstRow).toHaveText(["119", "name 2"]);
  });

  await test.step("then descending, with the empty cells still last", async () => {
    await page.keyboard.press("Enter");
    await expect(header(page, "name")).toHaveAttribute("aria-sort", "descending");
    await expect(firstRow).toHaveText(["1", "name 120"]);
    await pages.getByRole("button", { name: "Next" }).click();
    await pages.getByRole("button", { name: "Next" }).click();
    await expect(lastRow).toHaveText(["120", "–"]);
    await expect(grid.getByRole("row").nth(-2).getByRole("cell")).toHaveText(["60", "–"]);
  });

  await test.step("then in the order of the result again", async () => {
    await header(page, "name").getByRole("button").click();
    await expect(header(page, "name")).toHaveAttribute("aria-sort", "none");
    await header(page, "n").getByRole("button").click();
    await header(page, "n").getByRole("button").click();
    await expect(header(page, "n")).toHaveAttribute("aria-sort", "descending");
    await expect(firstRow).toHaveText(["120", "–"]);
  });
});
