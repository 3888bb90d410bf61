import { expect, origin, test } from "./test";

/** The server under test by a name that it is not set up for. Chromium resolves it to this machine. */
const otherOrigin = () => origin().replace("//localhost", "//tessera.localhost");

test("the sign-in page says at another address which one to use, and which setting to change", async ({ page }) => {
  await page.goto(`${otherOrigin()}/sign-in`);
  const notice = page.getByRole("alert").filter({ hasText: "Tessera isn't set up for this address" });
  await expect(notice).toContainText(`TESSERA_BASE_URL=${otherOrigin()}`);
  await notice.getByRole("link").click();
  await expect(page).toHaveURL(`${origin()}/sign-in`);
  await expect(page.getByRole("heading", { name: "Sign in to Tessera" })).toBeVisible();
  await expect(page.getByLabel("Username")).toBeFocused();
  await expect(notice).toHaveCount(0);
});

test("signing out works at another address", async ({ page, ada }) => {
  await page.goto(`${otherOrigin()}/sign-in`);
  await page.getByLabel("Username").fill(ada.userName);
  await page.getByLabel("Password", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(`${otherOrigin()}/`);
  await page.getByRole("button", { name: /^Account:/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${otherOrigin()}/sign-in?reason=signed-out`);
  await page.goto(`${otherOrigin()}/workspaces`);
  await expect(page).toHaveURL(/\/sign-in/);
});
