import { accessibilityViolations, createToken, expect, test } from "./test";

test("the palette finds pages and items, and opens them by keyboard", async ({ adasPage: page }) => {
  await createToken(page, "nightly export");
  await page.goto("/jobs");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: /^Search pages/ });
  await expect(field).toBeFocused();
  expect(await accessibilityViolations(page)).toEqual([]);
  await field.fill("account");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/settings/account");

  await page.keyboard.press("Control+k");
  await field.fill("nightly");
  await expect(page.getByRole("option", { name: "nightly export" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "nightly export" })).toBeVisible();

  await page.keyboard.press("Control+k");
  await field.fill("there is no such thing");
  await expect(page.getByText("Nothing found.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
});

test("single keys search, make something new and list the shortcuts, and can be turned off", async ({
  adasPage: page,
}) => {
  await page.goto("/settings/tokens");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox");
  await expect(search).toBeFocused();
  await page.keyboard.type("n?/");
  await expect(search).toHaveValue("n?/");
  await expect(page).toHaveURL(/q=/);
  await search.fill("");
  await expect(page).toHaveURL("/settings/tokens");
  await search.blur();
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/settings\/tokens\/new/);
  await page.goto("/jobs");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  await list.getByText("Shortcuts of a single key").click();
  await list.getByRole("button", { name: "Done" }).click();
  await page.goto("/settings/tokens");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("n");
  await page.keyboard.press("?");
  await expect(list).toBeHidden();
  await expect(page).toHaveURL("/settings/tokens");
  await page.getByRole("button", { name: "Shortcuts" }).click();
  await expect(list).toBeVisible();
});
