import { readFile } from "node:fs/promises";
import { chromium, type Page } from "@playwright/test";
import { createToken, expect, origin, saveValue, signIn, test } from "./test";

/** The red of a screenshot, 0 to 255, at these distances from its right edge, near its top. The backgrounds are almost gray. */
async function redFromRight(page: Page, distances: number[]): Promise<number[]> {
  const image = (await page.screenshot()).toString("base64");
  const reader = await page.context().newPage();
  const reds = await reader.evaluate(
    async ([data, fromRight]) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      return fromRight.map((x) => context?.getImageData(bitmap.width - x, 8, 1, 1).data[0] ?? Number.NaN);
    },
    [image, distances] as const,
  );
  await reader.close();
  return reds;
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
      expect(await page.evaluate(() => innerWidth - document.body.clientWidth)).toBeGreaterThan(5);
      await expect(async () => {
        const [strip = Number.NaN, beside = Number.NaN] = await redFromRight(page, [4, 24]);
        expect(Math.abs(strip - beside)).toBeLessThanOrEqual(2);
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
