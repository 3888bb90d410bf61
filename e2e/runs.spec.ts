import { expect, test } from "./test";

test("Ada runs a workspace in the browser and sees its result as table and map", async ({ adasPage: page }) => {
  await page.goto("/workspaces");
  await page.getByRole("link", { name: /Nearby earthquakes/i }).click();
  await expect(page).toHaveURL(/\/workspaces\/Samples\/nearby-earthquakes/);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("table").getByRole("row").nth(1)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("link", { name: /Download/ })).toBeVisible();

  await page.goto("/jobs");
  await expect(page.getByRole("row", { name: /nearby-earthquakes/ })).toContainText("Succeeded");
  await page
    .getByRole("row", { name: /nearby-earthquakes/ })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/\d+/);
  await expect(page.getByText(/log/i).first()).toBeVisible();
});

test("a value outside its limits is refused at its field", async ({ adasPage: page }) => {
  await page.goto("/workspaces/Samples/nearby-earthquakes");
  await page.getByLabel(/radius/i).fill("-5");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByLabel(/radius/i)).toHaveAttribute("aria-invalid", "true");
});
