import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { accessibilityViolations, createRepository, expect, origin, publishWorkspace, test } from "./test";

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

/** Writes a text into the editor in place of what is there. */
async function write(page: Page, text: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: "Workspace file" });
  await expect(page.locator(".cm-editor")).toBeVisible();
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

const file = (query: string, title = "Ponds") => `/*---\ntitle: ${title}\noutput: json\n---*/\n${query}\n`;

test("Ada publishes a workspace that she writes, and sees the server's error at its line", async ({
  adasPage: page,
}) => {
  const repository = uniqueName("Lakes");
  await createRepository(page, repository);
  await page.goto(`/workspaces/${repository}`);
  await page.getByRole("link", { name: "Publish workspace" }).click();
  await expect(page.getByLabel("Repository")).toHaveValue(repository);
  await page.getByLabel("Name").fill("ponds");
  await write(page, file("SELECT 1 AS depth,\n  2 FORM x y"));
  await page.getByRole("button", { name: "Publish workspace" }).click();
  const editor = page.getByRole("textbox", { name: "Workspace file" });
  await expect(editor).toHaveAccessibleDescription(
    /^Line 6: The query is not valid: syntax error at or near "[^"]+"\. /,
  );
  await expect(editor).toBeFocused();
  await expect(page.locator(".cm-line.cm-wrong")).toHaveText("  2 FORM x y");
  await expect(page.locator(".cm-line.cm-wrong + .cm-problem")).toContainText("syntax error");
  expect(await accessibilityViolations(page)).toEqual([]);

  await page.reload();
  await expect(page.getByText("Your unpublished text was restored.")).toBeVisible();
  await expect(editor).toContainText("2 FORM x y");
  await page.getByLabel("Name").fill("ponds");
  await write(page, file("SELECT 1 AS depth"));
  await page.getByRole("button", { name: "Publish workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ponds" })).toBeVisible();
  await expect(page).toHaveURL(`/workspaces/${repository}/ponds`);

  await page.goto(`/workspaces/-/publish?repository=${repository}`);
  await expect(page.getByText("Your unpublished text was restored.")).toBeHidden();
});

test("the keyboard leaves the editor, and its colours are those of the page's theme", async ({ adasPage: page }) => {
  await createRepository(page, uniqueName("Lakes"));
  const violations: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  const colours: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/workspaces/-/publish");
    const keyword = page.locator(".cm-line span", { hasText: /^SELECT$/ });
    colours.push(await keyword.evaluate((node) => getComputedStyle(node).color));
    const key = page.locator(".cm-line span", { hasText: /^output$/ });
    expect(await key.evaluate((node) => getComputedStyle(node).color)).toBe(colours.at(-1));
    expect(await accessibilityViolations(page)).toEqual([]);
  }
  expect(new Set(colours).size).toBe(2);
  const editor = page.getByRole("textbox", { name: "Workspace file" });
  await editor.focus();
  await page.keyboard.press("Tab");
  await expect(editor).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Publish workspace" })).toBeFocused();
  expect(violations).toEqual([]);
});

test("a file that is chosen or dropped fills the form, and a workspace of its name is not replaced unasked", async ({
  adasPage: page,
}) => {
  const repository = uniqueName("Lakes");
  const path = await publishWorkspace(page, repository, "ponds", file("SELECT 1 AS depth", "First"));
  await page.goto(`/workspaces/-/publish?repository=${repository}`);
  await expect(page.locator(".cm-editor")).toBeVisible();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose file…" }).click();
  const buffer = Buffer.from(file("SELECT 2 AS depth", "Second"));
  await (await chooser).setFiles({ name: "ponds.sql", mimeType: "application/sql", buffer });
  await expect(page.getByLabel("Name")).toHaveValue("ponds");
  await page.getByRole("button", { name: "Publish workspace" }).click();
  const warning = page.getByRole("alert").filter({ hasText: "already has a workspace ponds" });
  await expect(warning).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(await (await page.request.get(`/api/v1${path}/source`)).text()).toContain("First");

  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array([0xe4, 0x0a])], "latin.sql"));
    return data;
  });
  await page.locator(".cm-content").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(page.getByRole("alert").filter({ hasText: "latin.sql is not text in UTF-8" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Workspace file" })).toContainText("title: Second");

  await page.getByRole("button", { name: "Replace ponds" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Second" })).toBeVisible();
});

test("two authors who edit one workspace do not overwrite each other, and neither loses a word", async ({
  adasPage: page,
}) => {
  const path = await publishWorkspace(page, uniqueName("Lakes"), "ponds", file("SELECT 1 AS depth"));
  await page.goto(path);
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Edit Ponds" })).toBeVisible();
  await write(page, file("SELECT 2 AS depth", "Hers"));
  const theirs = { headers: { Origin: origin(), "Content-Type": "application/sql" }, data: file("SELECT 3", "Theirs") };
  expect((await page.request.put(`/api/v1${path}`, theirs)).status()).toBe(200);

  await page.getByRole("button", { name: "Publish changes" }).click();
  const warning = page.getByRole("alert").filter({ hasText: "Someone else published another text" });
  await expect(warning).toBeVisible();
  await warning.getByText("The published text", { exact: true }).click();
  await expect(warning).toContainText("title: Theirs");
  expect(await accessibilityViolations(page)).toEqual([]);
  const editor = page.getByRole("textbox", { name: "Workspace file" });
  await expect(editor).toContainText("title: Hers");
  await warning.getByRole("button", { name: "Edit the published text instead" }).click();
  await expect(editor).toContainText("title: Theirs");
  await editor.click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(editor).toContainText("title: Hers");
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Hers" })).toBeVisible();

  const download = page.waitForEvent("download");
  await page.getByText("Source", { exact: true }).click();
  await page.getByRole("link", { name: "Download ponds.sql" }).click();
  expect((await download).suggestedFilename()).toBe("ponds.sql");
});

test("Ada renames a workspace with its app, and removes it after reading which app stops", async ({
  adasPage: page,
}) => {
  const repository = uniqueName("Lakes");
  const path = await publishWorkspace(page, repository, "ponds", file("SELECT 1 AS depth"));
  const slug = uniqueName("depths").toLowerCase();
  const app = { name: "Depths of ponds", slug, repository, workspace: "ponds" };
  const made = await page.request.post("/api/v1/apps", { headers: { Origin: origin() }, data: app });
  expect(made.status()).toBe(201);
  await page.goto(path);
  await page.getByRole("button", { name: "Rename or move…" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename or move Ponds" });
  await dialog.getByLabel("Name").fill("x.");
  await dialog.getByRole("button", { name: "Rename workspace" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/must not start or end/);
  await dialog.getByLabel("Name").fill("pools");
  expect(await accessibilityViolations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Rename workspace" }).click();
  await expect(page).toHaveURL(`/workspaces/${repository}/pools`);
  expect(await (await page.request.get(`/api/v1/apps/${slug}`)).json()).toMatchObject({
    workspace: "pools",
    available: true,
  });

  await page.getByRole("button", { name: "Remove…" }).click();
  const question = page.getByRole("alertdialog", { name: "Remove Ponds?" });
  await expect(question).toContainText("This app stops working: Depths of ponds.");
  await question.getByRole("button", { name: "Remove workspace" }).click();
  await expect(page).toHaveURL("/workspaces");
  expect((await page.request.get(`/api/v1/workspaces/${repository}/pools`)).status()).toBe(404);
});
