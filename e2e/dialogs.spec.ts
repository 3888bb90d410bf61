import { readFile } from "node:fs/promises";
import { chromium, type Page } from "@playwright/test";
import { createToken, expect, origin, saveValue, signIn, test } from "./test";

/** The colours of a screenshot at these distances from its right edge, near its top. */
async function coloursFromRight(page: Page, distances: number[]): Promise<string[]> {
  const image = (await page.screenshot()).toString("base64");
  const reader = await page.context().newPage();
  const colours = await reader.evaluate(
    async ([data, fromRight]) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      return fromRight.map(
        (x) =>
          context
            ?.getImageData(bitmap.width - x, 8, 1, 1)
            .data.slice(0, 3)
            .join() ?? "",
      );
    },
    [image, distances] as const,
  );
  await reader.close();
  return colours;
}

test("a dialog's backdrop covers the strip of the scrollbar, in light and dark", async ({ ada, launchOptions }) => {
  const browser = await chromium.launch({ ...launchOptions, ignoreDefaultArgs: ["--hide-scrollbars"] });
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ baseURL: origin(), colorScheme });
      const page = await context.newPage();
      await signIn(page, ada);
      await createToken(page, `in-${colorScheme}`);
      await page.getByRole("button", { name: `Actions for in-${colorScheme}` }).click();
      await page.getByRole("menuitem", { name: "Remove…" }).click();
      await expect(page.getByRole("alertdialog")).toBeVisible();
      expect(await page.evaluate(() => innerWidth - document.documentElement.clientWidth)).toBeGreaterThan(5);
      await expect(async () => {
        const [strip, beside] = await coloursFromRight(page, [4, 24]);
        expect(strip).toBe(beside);
      }).toPass();
      await context.close();
    }
  } finally {
    await browser.close();
  }
});

test("values are copied without the Clipboard API, and downloaded as they are", async ({ adasPage: page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined }));
  await page.goto("/settings/tokens/new?permission=workspace/Samples/nearby-earthquakes:run");
  await page.getByLabel("Name", { exact: true }).fill("plain");
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Copy your token now" });
  const value = (await dialog.getByText(/^tsa_\w{46}$/).textContent()) ?? "";
  const copy = dialog.getByRole("button", { name: "Copy token" });
  await copy.click();
  await expect(copy).toBeFocused();
  await expect(copy).toContainText("Copied");
  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download" }).click();
  expect(await readFile(await (await downloading).path(), "utf8")).toBe(value);
  await saveValue(page);
  await page.getByRole("searchbox").first().focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(page.getByRole("searchbox").first()).toHaveValue(value);
});
