import { expect, test } from "./test";

test("a slow page shows a bar until it is there", async ({ adasPage: page }) => {
  await page.goto("/jobs");
  await page.waitForLoadState("networkidle");
  let answer = () => {};
  const released = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/\/settings\/account\?.*_rsc=/, async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole("link", { name: "Account" }).click();
  const bar = page.getByRole("progressbar", { name: "Loading the page" });
  await expect(bar).toBeVisible();
  answer();
  await expect(page).toHaveURL("/settings/account");
  await expect(bar).toBeHidden();
});
