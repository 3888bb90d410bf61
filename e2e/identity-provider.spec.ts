import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { db } from "@/lib/db";
import { freePort } from "@/lib/server/database";
import { makeDataFolder } from "@/testing/data-folder";
import { type IdentityProvider, startIdentityProvider } from "@/testing/identity-provider";
import { type ServerProcess, startServer } from "@/testing/tested-server";
import { accessibilityViolations, expect, type Person, signIn, test } from "./test";

// One server and one provider for all stories of this file.
test.describe.configure({ mode: "default" });

let provider: IdentityProvider;
let server: ServerProcess;
let folder: string;

test.beforeAll(async () => {
  const port = String(await freePort(0));
  provider = await startIdentityProvider(`http://localhost:${port}`);
  folder = await makeDataFolder();
  const { DATABASE_URL = "", AUTH_SECRET = "" } = process.env;
  const settings = { PORT: port, DATABASE_URL, AUTH_SECRET, TESSERA_DATA_DIR: folder, ...provider.settings };
  server = await startServer(settings, join(folder, "server.log"));
});

test.afterAll(async () => {
  await server.stop();
  await provider.goDown();
  await rm(folder, { recursive: true });
});

const path = (page: Page) => page.url().slice(server.origin.length);
const logged = async () => (await readFile(join(folder, "server.log"), "utf8")).split("\n").filter(Boolean);

async function openSignIn(page: Page, query = "") {
  await page.goto(`${server.origin}/sign-in${query}`);
  await page.getByRole("button", { name: "Continue with Acme ID" }).click();
}

/** Signs in on the page of the provider, and consents. */
async function authenticate(page: Page, login: string) {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function signOut(page: Page, userName: string) {
  await page.getByRole("button", { name: new RegExp(userName) }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
}

test("a person signs in with the provider, has the name from there, and signs out of both", async ({ page }) => {
  provider.people.set("jane-1", { name: "Jane Doe", preferred_username: "jane.doe.1" });
  await openSignIn(page, "?return=/settings/account");
  await authenticate(page, "jane-1");
  await expect(page).toHaveURL(`${server.origin}/settings/account`);
  await expect(page.getByText("jane.doe.1").first()).toBeVisible();
  await expect(page.getByLabel("Full name")).toHaveValue("Jane Doe");
  await expect(page.getByText("You can't disconnect it, because you have no other way to sign in.")).toBeVisible();
  await expect(page.getByRole("button", { name: /Disconnect|Connect with/ })).toHaveCount(0);
  expect(await accessibilityViolations(page)).toEqual([]);

  await signOut(page, "jane.doe.1");
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await expect(page.getByText("You're signed out.")).toBeVisible();
  expect(path(page)).toBe("/sign-in?state=signed-out");

  await page.getByRole("button", { name: "Continue with Acme ID" }).click();
  await expect(page.getByPlaceholder("Enter any login")).toBeVisible();
  expect((await logged()).join("\n")).not.toMatch(/id_token|eyJ/);
});

test("a person who cancels at the provider reads so, and the log has no error", async ({ page }) => {
  const before = await logged();
  await openSignIn(page, "?return=/jobs");
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByText("You cancelled the sign-in with Acme ID.")).toBeVisible();
  expect(path(page)).toBe("/sign-in?error=cancelled&return=%2Fjobs");
  expect(await logged()).toEqual(before);
  expect(await accessibilityViolations(page)).toEqual([]);
});

test("while the provider is down, both ways are pages with words, and the log has one line for each", async ({
  page,
}) => {
  await openSignIn(page);
  await page.getByPlaceholder("Enter any login").fill("late");
  await page.getByPlaceholder("and password").fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  const before = await logged();
  provider.failing.add("/.well-known/openid-configuration");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("Acme ID can't be reached at the moment. Try again later.")).toBeVisible();
  expect(path(page)).toBe("/sign-in?error=unreachable");
  provider.failing.clear();
  await provider.goDown();
  await page.getByRole("button", { name: "Continue with Acme ID" }).click();
  await expect(page.getByText("Acme ID can't be reached at the moment. Try again later.")).toHaveCount(2);
  await provider.comeBack();
  const lines = (await logged()).slice(before.length);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 50, msg: "a sign-in failed" });
  expect(lines.join()).not.toMatch(/stack|\bat .*:\d+:\d+/);
});

/** Opens the account page as Ada, signed in with her password, and goes to the provider to connect the account. */
async function beginConnection(page: Page, ada: Person) {
  await signIn(page, ada);
  await page.goto(`${server.origin}/settings/account`);
  await page.getByRole("button", { name: "Connect with Acme ID…" }).click();
  const dialog = page.getByRole("dialog", { name: "Connect with Acme ID" });
  await dialog.getByLabel("Password", { exact: true }).fill("not the harbour at noon");
  await dialog.getByRole("button", { name: "Continue to Acme ID" }).click();
  await expect(dialog.getByText("The current password is incorrect.")).toBeVisible();
  await dialog.getByLabel("Password", { exact: true }).fill(ada.password);
  await dialog.getByRole("button", { name: "Continue to Acme ID" }).click();
}

test("the owner of an account connects it, signs in with either, and disconnects it", async ({
  page,
  ada,
  browser,
}) => {
  const login = `at-acme-${ada.userName}`;
  await beginConnection(page, ada);
  await authenticate(page, login);
  await expect(page.getByText("Your account is connected with Acme ID.")).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);

  const elsewhere = await (await browser.newContext()).newPage();
  await openSignIn(elsewhere, "?return=/settings/account");
  await authenticate(elsewhere, login);
  await expect(elsewhere.getByText(ada.userName).first()).toBeVisible();

  await page.getByRole("button", { name: "Disconnect…" }).click();
  const dialog = page.getByRole("dialog", { name: "Disconnect from Acme ID?" });
  await dialog.getByLabel("Password", { exact: true }).fill(ada.password);
  await dialog.getByRole("button", { name: "Disconnect" }).click();
  await expect(page.getByRole("button", { name: "Connect with Acme ID…" })).toBeVisible();
  await expect(page.getByText("Your account is connected with Acme ID.")).toHaveCount(0);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await elsewhere.context().close();

  const actions = await db.auditEvent.findMany({
    where: { subjectId: ada.userId, action: { endsWith: "connect-identity" } },
    orderBy: { id: "asc" },
    select: { action: true },
  });
  expect(actions).toEqual([{ action: "user.connect-identity" }, { action: "user.disconnect-identity" }]);
});

test("an identity that has an account already is not connected, and the owner reads why", async ({
  page,
  ada,
  browser,
}) => {
  const login = `taken-${ada.userName}`;
  const first = await (await browser.newContext()).newPage();
  await openSignIn(first);
  await authenticate(first, login);
  await expect(first).toHaveURL(`${server.origin}/`);
  await first.context().close();

  await beginConnection(page, ada);
  await authenticate(page, login);
  await expect(page.getByText("You already have another account here")).toBeVisible();
  expect((await db.user.findUniqueOrThrow({ where: { id: ada.userId } })).externalIdentity).toBeNull();
});
