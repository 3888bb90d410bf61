import { randomBytes } from "node:crypto";
import { accessibilityViolations, expect, test } from "./test";

const uniqueName = (word: string) => `${word}-${randomBytes(4).toString("hex")}`;

test("Ada creates a repository, learns at its field that a name is taken, and removes it while it is empty", async ({
  adasPage: page,
}) => {
  const name = uniqueName("Lakes");
  await page.goto("/workspaces");
  await page.getByRole("button", { name: "New repository…" }).click();
  const dialog = page.getByRole("dialog", { name: "New repository" });
  await dialog.getByLabel("Name").fill("Samples");
  await dialog.getByLabel("Description").fill("Still water.");
  expect(await accessibilityViolations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Create repository" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/already exists/);
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expect(dialog.getByLabel("Description")).toHaveValue("Still water.");
  await dialog.getByLabel("Name").fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText("Still water.")).toBeVisible();

  await page.getByRole("button", { name: "Remove…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove repository" }).click();
  await expect(page).toHaveURL("/workspaces");
  await expect(page.getByRole("heading", { name })).toBeHidden();
});
