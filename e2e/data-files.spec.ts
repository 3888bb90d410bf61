import { createHash, randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { db } from "@/lib/db";
import { accessibilityViolations, act, createRepository, expect, test } from "./test";

const megabyte = 1_000_000;

async function openRepository(page: Page): Promise<string> {
  const name = `Shelf-${randomBytes(4).toString("hex")}`;
  await createRepository(page, name);
  await page.goto(`/workspaces/${name}`);
  return name;
}

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload file" }).click();
  await (await chooser).setFiles({ name, mimeType: "application/octet-stream", buffer });
}

async function digestOf(page: Page, repository: string, file: string): Promise<string> {
  const response = await page.request.get(`/api/v1/repositories/${repository}/files/${file}`);
  return createHash("sha256")
    .update(await response.body())
    .digest("hex");
}

test("Ada uploads a file whose connection breaks on the way, and replaces it", async ({ adasPage: page }) => {
  const repository = await openRepository(page);
  const file = randomBytes(11 * megabyte);
  let parts = 0;
  await page.route("**/api/v1/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    parts++;
    if (parts === 2 || parts === 3) return route.abort("connectionreset");
    return route.continue();
  });
  await choose(page, "levels.bin", file);
  const progress = page.getByRole("progressbar", { name: "Upload of levels.bin" });
  await expect(progress).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Trying again" })).toBeVisible();
  const item = page.getByRole("row", { name: /levels\.bin/ });
  await expect(item).toContainText("11.0 MB", { timeout: 30_000 });
  await expect(progress).toBeHidden();
  expect(parts).toBe(5);
  expect(await digestOf(page, repository, "levels.bin")).toBe(createHash("sha256").update(file).digest("hex"));
  expect(await accessibilityViolations(page)).toEqual([]);

  await choose(page, "levels.bin", randomBytes(2_000));
  await page.getByRole("button", { name: "Replace file" }).click();
  await expect(item).toContainText("2.0 kB");
});

test("a file that came meanwhile is not replaced without asking, however its name is spelt", async ({
  adasPage: page,
}) => {
  const repository = await openRepository(page);
  const name = "Zürich.bin".normalize("NFC");
  const url = `/api/v1/repositories/${repository}/files/${encodeURIComponent(name)}`;
  await page.request.put(url, { data: randomBytes(3_000), headers: { Origin: new URL(page.url()).origin } });
  await choose(page, name.normalize("NFD"), randomBytes(2_000));
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Replace");
  expect((await (await page.request.get(url)).body()).length).toBe(3_000);
  await dialog.getByRole("button", { name: "Replace file" }).click();
  const item = page.getByRole("row", { name: /Z.*rich/u });
  await expect(item).toContainText("2.0 kB");
});

test("Ada cancels an upload, and nothing of it stays", async ({ adasPage: page, ada }) => {
  await openRepository(page);
  await page.route("**/api/v1/uploads/*", (route) =>
    route.request().method() === "PATCH" ? undefined : route.continue(),
  );
  await choose(page, "levels.bin", randomBytes(megabyte));
  const uploads = () => db.upload.count({ where: { ownerId: ada.userId } });
  await expect.poll(uploads).toBe(1);
  await page.getByRole("button", { name: "Cancel upload" }).click();
  await expect(page.getByRole("progressbar")).toBeHidden();
  await expect.poll(uploads).toBe(0);
  await expect(page.getByText("No data files yet.")).toBeVisible();
});

test("a file that is refused says why", async ({ adasPage: page }) => {
  await openRepository(page);
  await choose(page, ".hidden", randomBytes(10));
  await expect(page.getByRole("alert").filter({ hasText: "letters, digits" })).toBeVisible();
});

test("a file is dropped on the list, replaced by one of another name, and removed once its readers are named", async ({
  adasPage: page,
}) => {
  const repository = await openRepository(page);
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["day,mm\n1,2\n"], "rain.csv", { type: "text/csv" }));
    return data;
  });
  await page.getByText("No data files yet.").dispatchEvent("drop", { dataTransfer: transfer });
  const row = page.getByRole("row", { name: /rain\.csv/ });
  await expect(row).toContainText("CSV");
  const source = "/*---\ntitle: Wet days\noutput: json\n---*/\nSELECT * FROM 'rain.csv'\n";
  const headers = { Origin: new URL(page.url()).origin, "Content-Type": "application/sql" };
  await page.request.put(`/api/v1/workspaces/${repository}/wet-days`, { data: source, headers });

  const chooser = page.waitForEvent("filechooser");
  await act(page, "rain.csv", "Replace…");
  await (await chooser).setFiles({ name: "new.csv", mimeType: "text/csv", buffer: randomBytes(5_000) });
  await page.getByRole("button", { name: "Replace file" }).click();
  await expect(row).toContainText("5.0 kB");
  await expect(page.getByRole("row", { name: /new\.csv/ })).toHaveCount(0);

  await act(page, "rain.csv", "Remove…");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("wet-days");
  expect(await accessibilityViolations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Remove file" }).click();
  await expect(page.getByText("No data files yet.")).toBeVisible();
});
