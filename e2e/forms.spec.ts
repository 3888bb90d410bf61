import type { Page } from "@playwright/test";
import { db } from "@/lib/db";
import {
  accessibilityViolations,
  createApp,
  createRepository,
  createToken,
  expect,
  letTimePass,
  saveValue,
  test,
} from "./test";

/** Counts the submissions of the forms of the page. Call it after the page is loaded. */
async function countSubmissions(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counted = window as unknown as { submissions: number };
    counted.submissions = 0;
    document.addEventListener("submit", () => counted.submissions++, true);
  });
  return () => page.evaluate(() => (window as unknown as { submissions: number }).submissions);
}

/** Searches with Enter and without submitting, and submits with Enter in another field, so that the count can tell both. */
async function searchWithEnter(page: Page, search: string, other?: string): Promise<void> {
  const submissions = await countSubmissions(page);
  const field = page.getByLabel(search);
  await field.fill("nearby");
  await field.press("Enter");
  await field.press("NumpadEnter");
  expect(await submissions(), `Enter in ${search} submits the form`).toBe(0);
  await expect(field).toHaveValue("nearby");
  await expect(field).toBeFocused();
  if (!other) return;
  await page.getByLabel(other, { exact: true }).press("Enter");
  expect(await submissions(), `Enter in ${other} does not submit the form`).toBe(1);
}

test("Enter in a search field never submits the form around it", async ({ adasPage: page, ada, miasPage }) => {
  test.slow();
  await page.goto("/settings/tokens/new?permission=workspace/Samples/nearby-earthquakes:run");
  await searchWithEnter(page, "Search permissions", "Name");
  await page.goto("/apps/new?workspace=Samples/nearby-earthquakes");
  await page.getByRole("button", { name: "Next: Workspace" }).click();
  await searchWithEnter(page, "Search workspaces");
  await expect(page).toHaveURL(/step=workspace/);
  await page.getByRole("button", { name: "Next: Parameters" }).click();
  await page.getByRole("button", { name: "Next: Expiration and permissions" }).click();
  await page.getByText("Extra permissions").click();
  await searchWithEnter(page, "Search permissions");
  await miasPage.goto("/admin/roles/new");
  await searchWithEnter(miasPage, "Search permissions", "Title");
  const repository = `shared-${ada.userName}`;
  await createRepository(page, repository);
  await page.goto(`/workspaces/${repository}`);
  await page.getByRole("button", { name: "Share…" }).click();
  await searchWithEnter(page, "Search permissions", "Username");
});

test("a field's error goes when that field changes, and comes back with the next attempt", async ({
  adasPage: page,
  miasPage,
}) => {
  test.slow();
  await page.goto("/settings/tokens/new");
  const name = page.getByLabel("Name", { exact: true });
  const create = page.getByRole("button", { name: "Create token" });
  const noName = page.getByText("Enter a name for the token.");
  await create.click();
  await expect(noName).toBeVisible();
  await name.fill("a");
  await expect(noName).toBeHidden();
  await expect(name).not.toHaveAttribute("aria-invalid");
  await name.fill("");
  await expect(noName).toBeHidden();
  await create.click();
  await expect(noName).toBeVisible();
  await page.getByLabel("Description").fill("Another field changes.");
  await expect(noName).toBeVisible();

  await name.fill("a");
  await page.getByText("Custom date").click();
  await create.click();
  await expect(page.getByText("Choose a date.")).toBeVisible();
  await page.getByLabel("Search permissions").fill("nearby");
  await expect(page.getByText("Choose a date.")).toBeVisible();
  await page.getByText("7 days").click();
  await expect(page.getByText("Choose a date.")).toBeHidden();
  await create.click();
  const noPermission = page.getByText("Choose at least one permission, or All Permissions.");
  await expect(noPermission).toBeVisible();
  await page.getByLabel("Search permissions").fill("near");
  await expect(noPermission).toBeVisible();
  await page.getByRole("group", { name: "Samples/nearby-earthquakes" }).getByLabel("Run").check();
  await expect(noPermission).toBeHidden();

  // An error that the server finds.
  await miasPage.goto("/admin/roles/new");
  await miasPage.getByLabel("Title").fill("Taken");
  await miasPage.getByLabel("Name", { exact: true }).fill("author");
  await miasPage.getByRole("button", { name: "Create role" }).click();
  const taken = miasPage.getByRole("alert").filter({ hasText: /./ });
  await expect(taken).toBeVisible();
  await miasPage.getByLabel("Name", { exact: true }).fill("author-2");
  await expect(taken).toBeHidden();
});

test("a duplicate suggests a name and selects it", async ({ adasPage: page, ada }) => {
  await createToken(page, "nightly");
  for (const suggested of ["nightly copy", "nightly copy 2"]) {
    await page.goto("/settings/tokens");
    await page.getByRole("button", { name: "Actions for nightly", exact: true }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    const name = page.getByLabel("Name", { exact: true });
    await expect(name).toHaveValue(suggested);
    await expect(name).toBeFocused();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(suggested);
    await page.getByRole("button", { name: "Create token" }).click();
    await saveValue(page);
  }
  await createApp(page, "Quakes", `quakes-${ada.userName}`);
  await page.goto(`/apps/new?from=quakes-${ada.userName}`);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Quakes copy");
  expect(await page.evaluate(() => getSelection()?.toString())).toBe("Quakes copy");
  await page.keyboard.type("Shakes");
  await expect(page.getByLabel("URL name")).toHaveValue("shakes");
});

/** The Back button. Playwright's own would wait for a page that is not left. */
const goBackUnlessAsked = (page: Page) => page.evaluate(() => history.back());

test("leaving an edited form asks, by a link, the Back button and the browser", async ({
  adasPage: page,
  miasPage,
}) => {
  test.slow();
  await page.goto("/settings/tokens");
  await page.getByRole("link", { name: "New token" }).first().click();
  const name = page.getByLabel("Name", { exact: true });
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });

  await expect(name).toBeVisible();
  await page.getByRole("link", { name: "Workspaces" }).click();
  await expect(page).toHaveURL("/workspaces");
  await page.goBack();
  await name.fill("half-written");
  await page.getByRole("link", { name: "Workspaces" }).click();
  await expect(question).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(name).toHaveValue("half-written");
  await goBackUnlessAsked(page);
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Keep editing" }).click();
  await expect(name).toHaveValue("half-written");
  await expect(page).toHaveURL("/settings/tokens/new");

  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog", { name: "Go to" }).getByRole("option", { name: "Jobs", exact: true }).click();
  await question.getByRole("button", { name: "Keep editing" }).click();
  await expect(name).toHaveValue("half-written");

  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await expect(name).toHaveValue("half-written");

  await name.press("a");
  await goBackUnlessAsked(page);
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL("/settings/tokens");

  // A saved form does not ask, and an edit after that does.
  await miasPage.goto("/settings/account");
  await miasPage.getByLabel("Full name").fill("Mia Moreau-Berg");
  await miasPage.getByRole("button", { name: "Save name" }).click();
  await expect(miasPage.getByText("Saved your name")).toBeVisible();
  await miasPage.getByRole("link", { name: "Jobs" }).click();
  await expect(miasPage).toHaveURL("/jobs");
  await miasPage.goto("/settings/account");
  await miasPage.getByLabel("Full name").fill("Mia M.");
  await miasPage.getByRole("link", { name: "Jobs" }).click();
  await miasPage.getByRole("button", { name: "Leave" }).click();
  await expect(miasPage).toHaveURL("/jobs");
});

test("an expired token's switch does not say that it is enabled", async ({ adasPage: page, ada }) => {
  await createToken(page, "over");
  const { id } = await db.token.findFirstOrThrow({ where: { ownerId: ada.userId, name: "over" } });
  await letTimePass(id, 31 * 24 * 60);
  await page.goto(`/settings/tokens/${id}`);
  const enabled = page.getByRole("switch", { name: "Enabled" });
  await expect(enabled).not.toBeChecked();
  await expect(enabled).toBeDisabled();
  await expect(page.getByText("Choose a new expiration to enable it.")).toBeVisible();
  await page.getByText("7 days").click();
  await expect(enabled).toBeChecked();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved over")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Active");
});

test("forms work in a browser that is set to store nothing", async ({ adasPage: page, ada }) => {
  await createRepository(page, `Unstored-${ada.userName}`);
  await page.addInitScript(() => {
    const refuse = {
      get: () => {
        throw new DOMException("Access is denied.", "SecurityError");
      },
    };
    Object.defineProperties(window, { localStorage: refuse, sessionStorage: refuse });
  });
  await page.goto("/settings/account");
  await page.getByLabel("Full name").fill("Ada without a storage");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.goto("/workspaces/-/publish");
  await page.getByLabel("Name", { exact: true }).fill("kept-in-the-page");
  await expect(page.getByRole("button", { name: "Publish workspace" })).toBeEnabled();
  await expect(page.getByLabel("Workspace file", { exact: true })).toContainText("SELECT");
});
