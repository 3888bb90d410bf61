import type { Browser, Page } from "@playwright/test";
import { db } from "@/lib/db";
import { act, expect, letTimePass, origin, type Person, tabTo, test } from "./test";

const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true });
const next = (page: Page, step: string) => page.getByRole("button", { name: `Next: ${step}` }).click();
const slugFor = ({ userName }: Person) => `quakes-${userName}`;

/** Creates an app of Samples/nearby-earthquakes with a hidden parameter. Returns the value of its token. */
async function makeApp(page: Page, ada: Person, name = "Quakes nearby"): Promise<string> {
  await page.goto("/apps/new?workspace=Samples/nearby-earthquakes");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("URL name").fill(slugFor(ada));
  await next(page, "Workspace");
  await next(page, "Parameters");
  await page.getByLabel(/^Minimum magnitude/).fill("2");
  await page.getByLabel("Show to visitors (Minimum magnitude)").uncheck();
  await next(page, "Expiration and permissions");
  await next(page, "Review");
  await page.getByRole("button", { name: "Create app" }).click();
  return saveRevealed(page, name);
}

async function saveRevealed(page: Page, name: string): Promise<string> {
  const dialog = page.getByRole("dialog", { name: "Copy your token now" });
  await expect(dialog).toContainText(`Token: ${name}`);
  const value = (await dialog.getByText(/^tsa_\w{46}$/).textContent()) ?? "";
  await dialog.getByLabel("I have saved this token").check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  return value;
}

/** Opens a page in a new browser context, without an account. */
async function openVisitorPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin() });
  return context.newPage();
}

test("an author creates an app, a visitor runs it, and it works only while its token is enabled", async ({
  adasPage: page,
  ada,
  browser,
}) => {
  test.slow();
  const guest = await openVisitorPage(browser);
  const app = `/a/${slugFor(ada)}`;

  await test.step("Ada goes back and forth in the wizard, reloads it, and loses nothing", async () => {
    await page.goto("/apps");
    await page.getByRole("main").getByRole("link", { name: "Create app" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("Quakes nearby");
    await expect(page.getByLabel("URL name")).toHaveValue("quakes-nearby");
    await page.getByLabel("URL name").fill(slugFor(ada));
    await page.getByLabel("Description").fill("Recent earthquakes around a place.");
    await next(page, "Workspace");
    await page.getByLabel("Search workspaces").fill("nearby");
    await page.getByRole("radio", { name: /Samples\/nearby-earthquakes/ }).check();
    await next(page, "Parameters");
    await page.getByLabel(/^Minimum magnitude/).fill("2");
    await page.getByLabel("Show to visitors (Minimum magnitude)").uncheck();
    await page.reload();
    await expect(page.getByLabel(/^Minimum magnitude/)).toHaveValue("2");
    await page.getByRole("button", { name: "Back" }).click();
    await expect(page.getByRole("radio", { name: /Samples\/nearby-earthquakes/ })).toBeChecked();
    await page.goBack();
    await expect(page.getByLabel("Show to visitors (Minimum magnitude)")).not.toBeChecked();
    await next(page, "Expiration and permissions");
    await expect(page.getByRole("radio", { name: "10 years" })).toBeChecked();
    await next(page, "Review");
    await expect(page.getByRole("main")).toContainText("Hidden, always 2");
    await expect(page.getByRole("main")).toContainText("Run Samples/nearby-earthquakes");
  });

  await test.step("the app is created, and the value of its token is shown once", async () => {
    await page.getByRole("button", { name: "Create app" }).click();
    const value = await saveRevealed(page, "Quakes nearby");
    await expect(page).toHaveURL(`/apps/${slugFor(ada)}`);
    await expect(page.getByRole("main")).toContainText("Active");
    expect(await page.content()).not.toContain(value);
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe("{}");
    const tokens = await db.token.findMany({ where: { ownerId: ada.userId, kind: "api" }, select: { name: true } });
    expect(tokens).toEqual([{ name: "Quakes nearby" }]);
  });

  await test.step("a visitor without an account runs it on real data", async () => {
    await guest.goto(app, { waitUntil: "networkidle" });
    await expect(heading(guest, "Quakes nearby")).toBeVisible();
    await expect(guest.getByText("Minimum magnitude")).toHaveCount(0);
    await guest.getByRole("button", { name: "Run", exact: true }).click();
    const result = guest.getByRole("region", { name: "Rows of the result" });
    await expect(result.getByRole("row").nth(1)).toBeVisible({ timeout: 30_000 });
    await expect(guest.getByRole("img", { name: /^Map with/ })).toBeVisible();
    const download = guest.waitForEvent("download");
    await guest.getByRole("link", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toBe(`${slugFor(ada)}.geojson`);
    const [job] = await db.job.findMany({ where: { appName: "Quakes nearby", app: { slug: slugFor(ada) } } });
    expect(job?.parameters).toMatchObject({ MAGNITUDE: 2 });
    await expect(guest.getByRole("button", { name: "Run again" })).toBeEnabled();
  });

  await test.step("Ada finds the run on the app's page, and from there its job", async () => {
    await page.goto(`/apps/${slugFor(ada)}`);
    const runs = page.getByRole("region", { name: "Recent runs" });
    await expect(runs.getByRole("row", { name: /Succeeded/ })).toHaveCount(1);
    await runs.getByRole("link", { name: /^(Job )?\d+$/ }).click();
    await expect(page).toHaveURL(/\/jobs\/\d+$/);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(/Job \d+/);
    await page.goto(`/jobs?app=${slugFor(ada)}`);
    await expect(page.getByRole("row", { name: /Succeeded/ })).toHaveCount(1);
    await expect(page.getByLabel("App", { exact: true })).toHaveValue(slugFor(ada));
    await page.goto("/apps?sort=-lastRunAt");
    await expect(page.getByRole("columnheader", { name: "Last run" })).toHaveAttribute("aria-sort", "descending");
    await expect(page.getByRole("row", { name: /Quakes nearby/ })).toBeVisible();
  });

  await test.step("a value outside its limits is refused at its field, and a hidden parameter cannot be sent", async () => {
    await guest.getByLabel(/^Radius/).fill("-5");
    await guest.getByRole("button", { name: "Run again" }).click();
    await expect(guest.getByLabel(/^Radius/)).toHaveAttribute("aria-invalid", "true");
    const forced = await guest.request.post(`/api/v1/apps/${slugFor(ada)}/runs`, {
      headers: { Origin: origin() },
      data: { parameters: { MAGNITUDE: 1 } },
    });
    expect(forced.status()).toBe(400);
  });

  await test.step("Ada's token list names the app, and visitors see that it is unavailable once the token is disabled", async () => {
    await page.goto("/settings/tokens");
    await expect(page.getByRole("row", { name: /Quakes nearby/ }).getByRole("link", { name: app })).toBeVisible();
    await act(page, "Quakes nearby", "Disable");
    await expect(page.getByRole("row", { name: /Quakes nearby/ })).toContainText("Disabled");

    await guest.getByLabel(/^Radius/).fill("500");
    await guest.getByRole("button", { name: "Run again" }).click();
    await expect(heading(guest, "This app is not available")).toBeVisible();
    expect((await guest.goto(app))?.status()).toBe(404);
    await expect(heading(guest, "This app is not available")).toBeVisible();
    await expect(guest.getByText(/token/)).toHaveCount(0);
    const unknown = await guest.goto("/a/no-such-app");
    expect(unknown?.status()).toBe(404);
    await expect(heading(guest, "This app is not available")).toBeVisible();
  });

  await test.step("Ada sees the reason on the page of the app, and enables the token with one click", async () => {
    await page.goto(app);
    await expect(page.getByText("Its token is disabled.")).toBeVisible();
    await page.getByRole("link", { name: "Fix this app" }).click();
    // The origin is shown once the page is hydrated.
    await expect(page.getByText(`${origin()}${app}`)).toBeVisible();
    await page.getByRole("button", { name: "Enable token" }).click();
    await expect(page.getByRole("main")).toContainText("Active");
    await guest.goto(app);
    await expect(heading(guest, "Quakes nearby")).toBeVisible();
  });

  await test.step("the removal of the token names the app that stops, and a new token makes it work again", async () => {
    await page.goto("/settings/tokens");
    await act(page, "Quakes nearby", "Remove…");
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText(`The app ${app} stops working`);
    await dialog.getByRole("button", { name: "Remove token" }).click();
    await expect(page.getByText("No API tokens yet")).toBeVisible();
    await page.goto(`/apps/${slugFor(ada)}`);
    await expect(page.getByText("Its token has been removed.")).toBeVisible();
    await expect(page.getByText(`${origin()}${app}`)).toBeVisible();
    await page.getByRole("alert").getByRole("button", { name: "Replace token" }).click();
    await saveRevealed(page, "Quakes nearby");
    await expect(page.getByRole("main")).toContainText("Active");
  });
});

test("an app that has expired runs again with a new date", async ({ adasPage: page, ada }) => {
  await makeApp(page, ada);
  const { id } = await db.token.findFirstOrThrow({ where: { ownerId: ada.userId, kind: "api" } });
  await letTimePass(id, 3651 * 24 * 60);
  await page.reload();
  await expect(page.getByText("Its token has expired.")).toBeVisible();
  await expect(page.getByText(`${origin()}/a/${slugFor(ada)}`)).toBeVisible();
  await page.getByRole("button", { name: "Change expiration…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("90 days").click();
  await dialog.getByRole("button", { name: "Change expiration" }).click();
  await expect(page.getByRole("main")).toContainText("Active");
});

test("each step is validated, and a URL opens no step after the first incomplete one", async ({
  adasPage: page,
  ada,
}) => {
  await page.goto("/apps/new?step=review");
  await expect(page).not.toHaveURL(/step=review/);
  await expect(page.getByLabel("Name", { exact: true })).toBeVisible();
  await expect(page.getByText("Enter a name for the app.")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Levels");
  await page.getByLabel("URL name").fill("Not an address!");
  await next(page, "Workspace");
  await expect(page.getByLabel("URL name")).toBeFocused();
  await expect(page.getByLabel("URL name")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("URL name").fill(slugFor(ada));
  await next(page, "Workspace");
  await next(page, "Parameters");
  await expect(page.getByText("Choose a workspace.")).toBeVisible();
  await page.getByRole("radio", { name: /Samples\/nearby-earthquakes/ }).check();
  await next(page, "Parameters");
  await page.getByLabel(/^Radius/).fill("far");
  await next(page, "Expiration and permissions");
  await expect(page.getByLabel(/^Radius/)).toHaveAttribute("aria-invalid", "true");
});

test("pressing Create twice creates one app, and an error at its field says that an address is in use", async ({
  adasPage: page,
  ada,
}) => {
  await page.goto("/apps/new?workspace=Samples/airports-by-state");
  await page.getByLabel("URL name").fill(slugFor(ada));
  for (const step of ["Workspace", "Parameters", "Expiration and permissions", "Review"]) await next(page, step);
  await page.getByRole("button", { name: "Create app" }).dblclick();
  await saveRevealed(page, "Airports by state");
  expect(await db.app.count({ where: { ownerId: ada.userId } })).toBe(1);
  expect(await db.token.count({ where: { ownerId: ada.userId, kind: "api" } })).toBe(1);

  await page.goto("/apps/new?workspace=Samples/airports-by-state");
  await page.getByLabel("Name", { exact: true }).fill("Another");
  await page.getByLabel("URL name").fill(slugFor(ada));
  for (const step of ["Workspace", "Parameters", "Expiration and permissions", "Review"]) await next(page, step);
  await page.getByRole("button", { name: "Create app" }).click();
  await expect(page.getByLabel("URL name")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Another");
});

test("apps are disabled, duplicated and removed in the list, and their settings decide who may embed them", async ({
  adasPage: page,
  ada,
}) => {
  await makeApp(page, ada);
  const app = `/a/${slugFor(ada)}`;
  await page.goto("/apps");
  await act(page, "Quakes nearby", "Disable");
  await expect(page.getByRole("row", { name: /Quakes nearby/ })).toContainText("Disabled");
  await page.getByLabel("Select Quakes nearby").check();
  await page.getByRole("button", { name: "Enable app" }).click();
  await expect(page.getByRole("row", { name: /Quakes nearby/ })).toContainText("Active");

  await act(page, "Quakes nearby", "Manage");
  expect((await page.request.get(app)).headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
  await page.getByLabel(/^Allowed sites for embedding/).fill("https://www.example.org/path");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByLabel(/^Allowed sites for embedding/)).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel(/^Allowed sites for embedding/).fill("https://www.example.org");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved Quakes nearby")).toBeVisible();
  const headers = (await page.request.get(app)).headers();
  expect(headers["content-security-policy"]).toContain("frame-ancestors https://www.example.org");
  expect(headers["x-frame-options"]).toBeUndefined();

  await page.getByRole("link", { name: "Duplicate" }).click();
  await expect(heading(page, "Duplicate Quakes nearby")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Quakes again");
  await page.getByLabel("URL name").fill(`${slugFor(ada)}-2`);
  await next(page, "Workspace");
  await next(page, "Parameters");
  await expect(page.getByLabel("Show to visitors (Minimum magnitude)")).not.toBeChecked();
  await next(page, "Expiration and permissions");
  await next(page, "Review");
  await expect(page.getByRole("main")).toContainText("https://www.example.org");
  await page.getByRole("button", { name: "Create app" }).click();
  await saveRevealed(page, "Quakes again");

  await page.goto("/apps?sort=name");
  await page.getByLabel("Search apps").fill("again");
  await expect(page.getByRole("row", { name: /Quakes nearby/ })).toHaveCount(0);
  await page.goto("/apps");
  await page.getByLabel("Select all: Apps you manage").check();
  await page.getByRole("button", { name: "Remove 2 apps" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove 2 apps" }).click();
  await expect(page.getByText("No apps yet")).toBeVisible();
  expect(await db.token.count({ where: { ownerId: ada.userId, kind: "api" } })).toBe(0);
});

test("a visitor is asked to wait after too many runs, and keeps what was filled in", async ({
  adasPage: page,
  ada,
}) => {
  await makeApp(page, ada);
  await page.goto(`/a/${slugFor(ada)}`, { waitUntil: "networkidle" });
  // Refused requests count too, and run nothing.
  const requestRun = () =>
    page.evaluate(
      async (path) => {
        const body = JSON.stringify({ parameters: { MAGNITUDE: 1 } });
        const headers = { "Content-Type": "application/json" };
        return (await fetch(path, { method: "POST", headers, body })).status;
      },
      `/api/v1/apps/${slugFor(ada)}/runs`,
    );
  await expect.poll(requestRun, { intervals: [0], timeout: 30_000 }).toBe(429);
  await page.getByLabel(/^Radius/).fill("321");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(
    page.getByRole("alert").filter({ hasText: /^Too many runs from your network\. Try again in/ }),
  ).toBeVisible();
  await expect(page.getByLabel(/^Radius/)).toHaveValue("321");
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeEnabled();
});

test("an app is created and run with the keyboard alone", async ({ adasPage: page, ada }) => {
  const step = async (name: string) => {
    await tabTo(page, `Next: ${name}`);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name, level: 2 })).toBeFocused();
  };
  await page.goto("/apps/new?workspace=Samples/nearby-earthquakes");
  await tabTo(page, "URL name");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(slugFor(ada));
  await step("Workspace");
  await step("Parameters");
  await tabTo(page, "Show to visitors (Minimum magnitude)");
  await page.keyboard.press("Space");
  await step("Expiration and permissions");
  await step("Review");
  await tabTo(page, "Create app");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, "I have saved this token");
  await page.keyboard.press("Space");
  await tabTo(page, "Done");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/apps/${slugFor(ada)}`);

  await page.goto(`/a/${slugFor(ada)}`, { waitUntil: "networkidle" });
  await tabTo(page, "Radius in km");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Rows of the result" })).toBeVisible({ timeout: 30_000 });
  await tabTo(page, "Download");
});
