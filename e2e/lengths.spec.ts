import type { Page } from "@playwright/test";
import { db } from "@/lib/db";
import { createApp, createToken, expect, letTimePass, test } from "./test";

const day = 86_400_000;
const monthOff = new Date(Date.now() - 40 * day);

/** Whether the token of this name expires so many days after now, by the server's clock. */
async function expectDaysLeft(ownerId: string, name: string, days: number): Promise<void> {
  const { expiresAt } = await db.token.findFirstOrThrow({ where: { ownerId, name } });
  expect(Math.abs(expiresAt.getTime() - Date.now() - days * day)).toBeLessThan(day / 24);
}

/** The date of the line "Expires …", as the browser writes it. */
const dateAfter = (page: Page, days: number) =>
  page.evaluate(
    (time) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" }),
    Date.now() + days * day,
  );

test("lengths count from the server's time, also when the browser's clock is wrong", async ({
  adasPage: page,
  ada,
}) => {
  test.slow();
  await page.clock.install({ time: monthOff });
  await page.goto("/settings/tokens/new?permission=workspace/Samples/nearby-earthquakes:run");
  await page.getByText("7 days").click();
  await expect(page.getByText(/^Expires \d/)).toContainText(await dateAfter(page, 7));
  await createToken(page, "monthly");
  await expectDaysLeft(ada.userId, "monthly", 30);

  const { id } = await db.token.findFirstOrThrow({ where: { ownerId: ada.userId, name: "monthly" } });
  await letTimePass(id, 31 * 24 * 60);
  await page.goto(`/settings/tokens/${id}`);
  await page.getByRole("button", { name: "Enable…" }).click();
  const dialog = page.getByRole("dialog", { name: "Enable monthly" });
  await dialog.getByText("7 days").click();
  await expect(dialog.getByText(/^Expires \d/)).toContainText(await dateAfter(page, 7));
  await dialog.getByRole("button", { name: "Enable token" }).click();
  await expect(dialog).toBeHidden();
  await expectDaysLeft(ada.userId, "monthly", 7);
  // The form begins again with the enabled token.
  await expect(page.getByRole("switch", { name: "Enabled" })).toBeChecked();

  await page.getByText("90 days").click();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved monthly")).toBeVisible();
  await expectDaysLeft(ada.userId, "monthly", 90);

  const slug = `quakes-${ada.userName}`;
  await page.goto("/apps/new?workspace=Samples/nearby-earthquakes");
  await page.getByLabel("Name", { exact: true }).fill("Timed");
  await page.getByLabel("URL name").fill(slug);
  for (const step of ["Workspace", "Parameters", "Expiration and permissions"])
    await page.getByRole("button", { name: `Next: ${step}` }).click();
  await page.getByText("90 days").click();
  await page.getByRole("button", { name: "Next: Review" }).click();
  await expect(page.getByRole("main")).toContainText(await dateAfter(page, 90));
  await page.getByRole("button", { name: "Create app" }).click();
  await expect(page.getByRole("dialog", { name: "Copy your token now" })).toBeVisible();
  await expectDaysLeft(ada.userId, "Timed", 90);

  await createApp(page, "Dated", `${slug}-2`);
  await page.goto("/apps");
  await page.getByLabel("Select Dated").check();
  await page.getByRole("button", { name: /Change expiration/ }).click();
  await page.getByRole("dialog").getByText("1 year").click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Change expiration/ })
    .click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expectDaysLeft(ada.userId, "Dated", 365);
});
