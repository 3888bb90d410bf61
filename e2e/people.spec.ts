import type { Browser, Page } from "@playwright/test";
import { db } from "@/lib/db";
import { accessibilityViolations, act, createToken, expect, origin, runEarthquakes, signIn, test } from "./test";

const herons = "three herons over slow water";

async function signInByForm(page: Page, userName: string, password: string) {
  await page.getByLabel("Username").fill(userName);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Opens a page in a new browser context, which is not signed in. */
async function openOtherBrowser(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin() });
  return context.newPage();
}

async function readTemporaryPassword(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog", { name: /^Temporary password for/ });
  const password = (await dialog.getByText(/^(\w{5}-){4}\w{5}$/).textContent()) ?? "";
  expect(await accessibilityViolations(page), "one-time password").toEqual([]);
  await dialog.getByLabel("I have saved this password").check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  return password;
}

test("an account is created and claimed by its owner, and disabled and enabled with all its tokens", async ({
  miasPage,
  mia,
  browser,
}) => {
  test.slow();
  const userName = `zoe.${mia.userName}`;
  await miasPage.goto("/admin/users");
  await miasPage.getByRole("link", { name: "New user" }).click();
  await miasPage.getByLabel("Username").fill(userName);
  await miasPage.getByLabel("Full name").fill("Zoë");
  await miasPage.getByRole("button", { name: "Create user" }).click();
  const password = await readTemporaryPassword(miasPage);
  await expect(miasPage).toHaveURL("/admin/users");

  const page = await openOtherBrowser(browser);
  await page.goto("/jobs");
  await signInByForm(page, userName, password);
  await expect(page).toHaveURL(/\/change-password\?return=%2Fjobs/);
  expect(await accessibilityViolations(page), "/change-password").toEqual([]);
  await page.goto("/settings/tokens");
  await expect(page).toHaveURL(/\/change-password/);
  const early = await page.request.get("/api/v1/tokens");
  expect([early.status(), (await early.json()).mustChangePassword]).toEqual([403, true]);
  await page.getByLabel("Temporary password").fill(password);
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This is your current password. Choose a different one.")).toBeVisible();
  await page.getByLabel("Temporary password").fill(password);
  await page.getByLabel("New password").fill(herons);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/settings/tokens");

  const value = await createToken(page, "weekly");
  expect((await runEarthquakes(page.request, value)).status()).toBe(200);

  await miasPage.goto(`/admin/users?q=${userName}`);
  await act(miasPage, userName, "Disable…");
  await miasPage.getByRole("alertdialog").getByRole("button", { name: "Disable user" }).click();
  await expect(miasPage.getByRole("row", { name: new RegExp(userName) })).toContainText("Disabled");
  expect((await runEarthquakes(page.request, value)).status()).toBe(401);
  await page.goto("/jobs");
  await expect(page).toHaveURL(/\/sign-in/);

  await act(miasPage, userName, "Enable");
  await expect(miasPage.getByRole("row", { name: new RegExp(userName) })).toContainText("Active");
  expect((await runEarthquakes(page.request, value)).status()).toBe(200);
  await page.goto("/jobs");
  await expect(page.getByRole("heading", { name: "Jobs", level: 1 })).toBeVisible();
  await page.context().close();
});

test("a password reset ends the sessions, and a removed account ends everything", async ({
  adasPage,
  ada,
  miasPage,
  mia,
}) => {
  const value = await createToken(adasPage, "kept");
  await miasPage.goto(`/admin/users/${ada.userName}`);
  await miasPage.getByRole("button", { name: "Reset password…" }).click();
  await miasPage.getByRole("alertdialog").getByRole("button", { name: "Reset password" }).click();
  const password = await readTemporaryPassword(miasPage);
  await adasPage.goto("/settings/tokens");
  await expect(adasPage).toHaveURL(/\/sign-in/);
  expect((await runEarthquakes(adasPage.request, value)).status()).toBe(200);
  await signInByForm(adasPage, ada.userName, password);
  await expect(adasPage).toHaveURL(/\/change-password/);

  const name = `Shelf-${ada.userName}`;
  await db.repository.create({ data: { name, ownerId: ada.userId } });
  await miasPage.getByRole("button", { name: "Remove…" }).click();
  const dialog = miasPage.getByRole("dialog", { name: `Remove ${ada.userName}?` });
  expect(await accessibilityViolations(miasPage), "remove dialog").toEqual([]);
  await dialog.getByLabel("Transfer ownership to").fill("nobody-of-that-name");
  await dialog.getByRole("button", { name: "Remove user" }).click();
  await expect(dialog.getByText("There is no user named nobody-of-that-name.")).toBeVisible();
  await dialog.getByLabel("Transfer ownership to").fill(mia.userName);
  await dialog.getByRole("button", { name: "Remove user" }).click();
  await expect(miasPage).toHaveURL("/admin/users");
  expect((await runEarthquakes(adasPage.request, value)).status()).toBe(401);
  expect(await db.repository.findUnique({ where: { name } })).toMatchObject({ ownerId: mia.userId });
});

test("a role shows whom a change affects before it is saved, and then the change applies to all of them", async ({
  miasPage,
  adasPage,
  ada,
}) => {
  const name = `role-${ada.userName}`;
  await miasPage.goto("/admin/roles/new");
  await miasPage.getByLabel("Title").fill(`Title of ${name}`);
  await miasPage.getByLabel("Name", { exact: true }).fill(name);
  await miasPage.getByRole("group", { name: "Jobs" }).getByLabel("Manage").check();
  await miasPage.getByRole("button", { name: "Create role" }).click();
  await expect(miasPage).toHaveURL("/admin/roles");
  await db.userRole.create({ data: { userId: ada.userId, roleName: name } });
  await adasPage.goto("/jobs");
  await expect(adasPage.getByText("Workspace runs of all users.")).toBeVisible();

  await miasPage.goto(`/admin/roles/${name}`);
  await miasPage.getByRole("group", { name: "Jobs" }).getByLabel("Manage").uncheck();
  const impact = miasPage.getByRole("alert").filter({ hasText: "Saving affects" });
  await expect(impact).toContainText("1 user and all of their tokens");
  await expect(impact).toContainText("Removes: Manage jobs");
  await adasPage.reload();
  await expect(adasPage.getByText("Workspace runs of all users.")).toBeVisible();
  await miasPage.getByRole("button", { name: "Save changes" }).click();
  await expect(miasPage.getByText(`Saved Title of ${name}`)).toBeVisible();
  await adasPage.reload();
  await expect(adasPage.getByText("Your workspace runs.")).toBeVisible();
});

test("users see their permissions, and change their name and password", async ({ adasPage: page, ada, browser }) => {
  const elsewhere = await openOtherBrowser(browser);
  await signIn(elsewhere, ada);
  await page.goto("/settings/tokens");
  const value = await createToken(page, "known to others");
  await page.goto("/settings/account");
  await expect(page.getByText("Create repositories")).toBeVisible();
  await page.getByLabel("Full name").fill("Ada O.");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("Saved your name")).toBeVisible();

  await page.getByLabel("Current password").fill("not the harbour at noon");
  await page.getByLabel("New password").fill(herons);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The current password is incorrect.")).toBeVisible();
  await page.getByLabel("Current password").fill(ada.password);
  await page.getByLabel("New password").fill(herons);
  await page.getByLabel("Also disable my API tokens").check();
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(
    page.getByText(/Changed your password\. Signed out 1 other session\. Disabled 1 API token\./),
  ).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue("");
  expect((await runEarthquakes(page.request, value)).status()).toBe(401);
  await elsewhere.goto("/jobs");
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Account" })).toBeVisible();
  await elsewhere.context().close();
});

test("others can use what an owner shares until the owner stops sharing it", async ({
  adasPage,
  ada,
  miasPage,
  mia,
}) => {
  const name = `Lakes-${ada.userName}`;
  await db.repository.create({ data: { name, ownerId: ada.userId } });
  await miasPage.goto(`/workspaces/${name}`);
  await expect(miasPage.getByRole("heading", { name: "Page not found, or you don't have access" })).toBeVisible();
  await adasPage.goto(`/workspaces/${name}`);
  await adasPage.getByRole("button", { name: "Share…" }).click();
  const dialog = adasPage.getByRole("dialog", { name: "Share this repository" });
  await dialog.getByLabel("Username").fill(mia.userName);
  await dialog
    .getByRole("group", { name: `${name} Repository` })
    .getByLabel("Read")
    .check();
  expect(await accessibilityViolations(adasPage), "share dialog").toEqual([]);
  await dialog.getByRole("button", { name: "Share", exact: true }).click();
  await expect(adasPage.getByRole("listitem").filter({ hasText: mia.userName })).toContainText("Read repository");
  await miasPage.reload();
  await expect(miasPage.getByRole("heading", { name })).toBeVisible();
  await expect(miasPage.getByRole("button", { name: "Share…" })).toHaveCount(0);
  await adasPage.getByRole("button", { name: "Stop sharing with Mia Moreau" }).click();
  await expect(adasPage.getByText("Not shared.")).toBeVisible();
  await miasPage.reload();
  await expect(miasPage.getByRole("heading", { name: "Page not found, or you don't have access" })).toBeVisible();
});

test("a single workspace is shared from its own page", async ({ adasPage, ada, miasPage, mia }) => {
  const repository = `Ponds-${ada.userName}`;
  await db.repository.create({ data: { name: repository, ownerId: ada.userId } });
  for (const name of ["depths", "widths"]) {
    const published = await adasPage.request.put(`/api/v1/workspaces/${repository}/${name}`, {
      headers: { Origin: origin(), "Content-Type": "application/sql" },
      data: `/*---\ntitle: Pond ${name}\noutput: json\n---*/\nSELECT 1 AS one\n`,
    });
    expect(published.status(), await published.text()).toBeLessThan(300);
  }
  await adasPage.goto(`/workspaces/${repository}/depths`);
  await expect(adasPage.getByText("Not shared.")).toBeVisible();
  await adasPage.getByRole("button", { name: "Share…" }).click();
  const dialog = adasPage.getByRole("dialog", { name: "Share this workspace" });
  await dialog.getByLabel("Username").fill(mia.userName);
  await dialog.getByRole("button", { name: "Share", exact: true }).click();
  await expect(dialog.getByText("Choose at least one permission.")).toBeVisible();
  await dialog.getByLabel(`Read ${repository}/depths`).check();
  await dialog.getByLabel(`Run ${repository}/depths`).check();
  expect(await accessibilityViolations(adasPage), "share dialog of a workspace").toEqual([]);
  await dialog.getByRole("button", { name: "Share", exact: true }).click();
  await expect(adasPage.getByRole("listitem").filter({ hasText: mia.userName })).toContainText("Read");
  await miasPage.goto(`/workspaces/${repository}/depths`);
  await expect(miasPage.getByRole("heading", { name: "Pond depths" })).toBeVisible();
  await expect(miasPage.getByRole("button", { name: "Share…" })).toHaveCount(0);
  await miasPage.goto(`/workspaces/${repository}/widths`);
  await expect(miasPage.getByRole("heading", { name: "Page not found, or you don't have access" })).toBeVisible();
  await adasPage.getByRole("button", { name: "Stop sharing with Mia Moreau" }).click();
  await expect(adasPage.getByText("Not shared.")).toBeVisible();
  await miasPage.goto(`/workspaces/${repository}/depths`);
  await expect(miasPage.getByRole("heading", { name: "Page not found, or you don't have access" })).toBeVisible();
});

test("a user without the permissions cannot open the administration pages", async ({ adasPage: page }) => {
  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: "Users" })).toHaveCount(0);
  for (const path of ["/admin/users", "/admin/users/new", "/admin/roles", "/admin/roles/author", "/admin/audit"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Page not found, or you don't have access" })).toBeVisible();
  }
});

test("audit events are filtered and downloaded as a file", async ({ miasPage: page, mia, ada }) => {
  await page.goto(`/admin/users/${ada.userName}`);
  await page.getByLabel("Full name").fill("=HYPERLINK(1)");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText(`Saved ${ada.userName}`)).toBeVisible();
  await page.goto("/admin/audit");
  // Text that is typed before the page is hydrated has no effect.
  await page.waitForLoadState("networkidle");
  await page.getByLabel("User", { exact: true }).fill(mia.userName);
  await page.getByLabel("Action").selectOption({ label: "User renamed" });
  await expect(page).toHaveURL(new RegExp(`actor=${mia.userName}`));
  const event = page.getByRole("row").filter({ hasText: "User renamed" }).filter({ hasText: ada.userName });
  const change = event.getByText("Name: Ada Okafor → =HYPERLINK(1)");
  await expect(change).toBeHidden();
  await event.getByText("User renamed").click();
  await expect(change).toBeVisible();
  await expect(event.getByRole("link", { name: ada.userName })).toHaveAttribute("href", `/admin/users/${ada.userName}`);
  const link = page.getByRole("link", { name: "Export CSV" });
  await expect(link).toHaveAttribute("href", new RegExp(`actor=${mia.userName}&action=user\\.rename`));
  const href = await link.getAttribute("href");
  const file = await page.request.get(href ?? "");
  expect(file.headers()["content-disposition"]).toContain(".csv");
  expect((await file.text()).trim().split("\r\n")).toHaveLength(2);
});
