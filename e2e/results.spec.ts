import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { accessibilityViolations, expect, origin, publishWorkspace, test } from "./test";

/** Publishes a workspace in a repository of its own, runs it in the browser and waits for the result. */
async function runWorkspace(page: Page, output: string, sql: string): Promise<void> {
  const repository = `results-${randomBytes(4).toString("hex")}`;
  const source = `/*---\ntitle: Tried\noutput: ${output}\n---*/\n${sql}\n`;
  await page.goto(await publishWorkspace(page, repository, "tried", source));
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("link", { name: /Download/ })).toBeVisible({ timeout: 30_000 });
}

const cellsOf = (page: Page, column: number) => page.getByRole("table").locator(`tbody tr td:nth-child(${column + 1})`);

test.describe("results", () => {
  for (const output of ["csv", "json"]) {
    test(`a page shows the values of ${output} as they were answered, and sorts numbers by value`, async ({
      adasPage: page,
    }) => {
      await runWorkspace(
        page,
        output,
        `SELECT * FROM (VALUES (3.10::DECIMAL(30,4), 'a  b', '02134', 1e30::DOUBLE), (85406789331232589.0432, '3.10', '1E2', 2),
         (85406789331232589.0431, '', NULL, 10)) AS t("2024", text, "2023", number)`,
      );
      await expect(page.getByRole("columnheader")).toContainText(["2024", "text", "2023", "number"]);
      await expect(cellsOf(page, 1)).toHaveText(["3.1000", "85406789331232589.0432", "85406789331232589.0431"]);
      await expect(cellsOf(page, 2)).toHaveText(["a  b", "3.10", ""]);
      await expect(cellsOf(page, 2).first().locator("span")).toHaveCSS("white-space", "pre");
      await expect(cellsOf(page, 3)).toHaveText(["02134", "1E2", "–"]);
      await expect(cellsOf(page, 1).first()).toHaveCSS("text-align", "right");
      await expect(cellsOf(page, 3).first()).toHaveCSS("text-align", "start");
      await page.getByRole("button", { name: "2024" }).click();
      await expect(cellsOf(page, 1)).toHaveText(["3.1000", "85406789331232589.0431", "85406789331232589.0432"]);
      await page.getByRole("button", { name: "number" }).click();
      await expect(cellsOf(page, 4)).toHaveText(["2", "10", "1e+30"]);
    });
  }

  test("a map shows what it can and says what it leaves out", async ({ adasPage: page }) => {
    await runWorkspace(
      page,
      "geojson",
      "SELECT * FROM (VALUES (8.5, 47.4), (0, 90), (8, 500), (2600000, 1200000)) AS t(longitude, latitude)",
    );
    await expect(page.getByRole("img", { name: /^Map with 1 place/ })).toBeVisible();
    await expect(page.getByText("2 places aren't on the map: their coordinates aren't degrees")).toBeVisible();
    await expect(page.getByText("1 place isn't on the map: it's at a pole.")).toBeVisible();
    await expect(cellsOf(page, 2)).toHaveText(["47.4", "90", "500", "1200000"]);
  });

  test("places that no map can show, and a result without rows, say so", async ({ adasPage: page }) => {
    await runWorkspace(page, "geojson", "SELECT 'POINT (2600000 1200000)'::GEOMETRY AS geometry, 1 AS n");
    await expect(
      page.getByText(/No row has a place for a map\. 1 place isn't on the map: its coordinates/),
    ).toBeVisible();
    await expect(cellsOf(page, 1)).toHaveText(["1"]);
    await runWorkspace(page, "geojson", "SELECT 1 AS longitude, 2 AS latitude WHERE false");
    await expect(page.getByText("No rows")).toBeVisible();
  });

  test("a result with thousands of columns and a long text shows its beginning, and says so", async ({
    adasPage: page,
  }) => {
    const columns = Array.from({ length: 3_000 }, (_, at) => `range AS c${at}`).join(", ");
    await runWorkspace(page, "csv", `SELECT repeat('x', 3_000) AS long, ${columns} FROM range(50)`);
    await expect(page.getByText("Only the first 200 of 3,001 columns are shown. The file has all.")).toBeVisible();
    await expect(page.getByRole("columnheader")).toHaveCount(201);
    await expect(cellsOf(page, 1).first()).toHaveText(/^x{2000}…$/);
  });

  test("a reason with a long word stays inside the page", async ({ adasPage: page }) => {
    const repository = `results-${randomBytes(4).toString("hex")}`;
    const source = `/*---\ntitle: Tried\noutput: json\n---*/\nSELECT error(repeat('x', 1900))\n`;
    const ran = await page.request.post(`/api/v1${await publishWorkspace(page, repository, "tried", source)}/runs`, {
      data: {},
      headers: { Prefer: "respond-async", Origin: origin() },
    });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 700 });
      await page.goto(`/jobs/${(await ran.json()).id}`);
      await expect(page.getByText("The job failed", { exact: true })).toBeVisible({ timeout: 30_000 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });

  test("long words of a workspace stay inside its pages", async ({ adasPage: page }) => {
    const repository = `results-${randomBytes(4).toString("hex")}`;
    const word = "W".repeat(90);
    const parameters = `parameters:\n  - { name: ${"P".repeat(63)}, type: text, label: ${word}, description: ${word}, default: ${word} }`;
    const header = `title: ${word}\ndescription: ${word.repeat(10)}\noutput: json\n${parameters}`;
    const path = await publishWorkspace(page, repository, "long", `/*---\n${header}\n---*/\nSELECT 1 AS a\n`);
    const ran = await page.request.post(`/api/v1${path}/runs`, {
      data: {},
      headers: { Prefer: "respond-async", Origin: origin() },
    });
    const { id } = await ran.json();
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 700 });
      for (const url of [path, `/jobs/${id}`, `/settings/tokens?q=${word.repeat(3)}`]) {
        await page.goto(url);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await page.evaluate(() => document.documentElement.scrollWidth), url).toBeLessThanOrEqual(width);
      }
      await page.goto(path);
      const label = page.getByText(word, { exact: true }).last();
      expect(await label.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBeLessThanOrEqual(0);
    }
  });

  test("a result is shown as a chart whose columns can be chosen", async ({ adasPage: page }) => {
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await runWorkspace(page, "csv", "SELECT 'P' || range AS place, range * 2 AS height, range AS depth FROM range(5)");
    const views = page.getByRole("group", { name: "Show result as" });
    await expect(views.getByRole("button", { name: "Table" })).toHaveAttribute("aria-pressed", "true");
    await views.getByRole("button", { name: "Chart" }).click();
    await expect(page.getByLabel("Bars of height by place", { exact: true })).toBeVisible();
    await page.getByLabel("of", { exact: true }).selectOption("depth");
    await page.getByLabel("by", { exact: true }).selectOption("height");
    await page.getByLabel("Show", { exact: true }).selectOption("Line");
    await expect(page.getByLabel("Line of depth by height", { exact: true })).toBeVisible();
    expect(await accessibilityViolations(page)).toEqual([]);
    await views.getByRole("button", { name: "Table" }).click();
    await expect(page.getByRole("row", { name: /P4/ })).toBeVisible();
    expect(errors).toEqual([]);
  });

  test("a result that cannot be read is shown as text and says so", async ({ adasPage: page }) => {
    await page.route("**/api/v1/jobs/*/result", (route) => route.fulfill({ body: '[{"x":NaN}]' }));
    await runWorkspace(page, "json", "SELECT 1 AS x");
    await expect(page.getByText("This result can't be read as a table.")).toBeVisible();
    await expect(page.getByRole("region", { name: "Result text" })).toHaveText('[{"x":NaN}]');
  });
});
