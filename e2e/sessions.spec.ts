import { db } from "@/lib/db";
import { act, expect, letTimePass, origin, type Person, signIn, test, waitUntilHydrated } from "./test";

const currentSession = (userId: string) =>
  db.token.findFirstOrThrow({ where: { ownerId: userId, kind: "session" }, orderBy: { createdAt: "desc" } });

async function signInByForm(page: import("@playwright/test").Page, { userName, password }: Person) {
  await page.getByLabel("Username").fill(userName);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("signing in creates a session and leads to the requested page", async ({ page, ada }) => {
  await page.goto("/settings/tokens?tab=session");
  await expect(page).toHaveURL(/\/sign-in\?.*return=/);
  await signInByForm(page, ada);
  await expect(page).toHaveURL("/settings/tokens?tab=session");
  await expect(page.getByRole("row", { name: /Chrom.*This session/ })).toContainText("Active");
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === "tessera-session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/", expires: -1 });
  expect(cookie?.value).toMatch(/^tss_\w{46}$/);
});

test("a user stays signed in after the browser was closed only if they tick it, and signing out leaves nothing", async ({
  page,
  ada,
}) => {
  await page.goto("/sign-in");
  const stay = page.getByRole("checkbox", { name: "Stay signed in" });
  await expect(stay).not.toBeChecked();
  await stay.check();
  await signInByForm(page, ada);
  await expect(page).toHaveURL("/");
  const ofSession = async () => (await page.context().cookies()).find(({ name }) => name === "tessera-session");
  const hours = ((await ofSession())?.expires ?? 0) / 3600 - Date.now() / 3_600_000;
  expect(hours).toBeGreaterThan(11.9);
  expect(hours).toBeLessThan(12.1);

  await page.evaluate(() => {
    localStorage.setItem("left", "behind");
    sessionStorage.setItem("left", "behind");
  });
  await page.getByRole("button", { name: new RegExp(ada.userName) }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in?reason=signed-out");
  expect(await ofSession()).toBeUndefined();
  expect(await page.evaluate(() => [localStorage.getItem("left"), sessionStorage.getItem("left")])).toEqual([
    null,
    null,
  ]);
});

test("a wrong password and an unknown user get the same answer", async ({ page, ada }) => {
  await page.goto("/sign-in");
  await signInByForm(page, { ...ada, password: "not the harbour at noon" });
  const refusal = page.getByRole("alert").filter({ hasText: /password/i });
  await expect(refusal).toBeVisible();
  const said = await refusal.textContent();
  await signInByForm(page, { ...ada, userName: "nobody-of-that-name" });
  await expect(refusal).toHaveText(said ?? "");
  await expect(page.getByLabel("Username")).toHaveValue("nobody-of-that-name");
});

test("a page that stays open extends its session from minute 25 on, and not before", async ({ page, ada }) => {
  await page.clock.install();
  const id = await signIn(page, ada);
  await page.goto("/settings/tokens");
  await waitUntilHydrated(page);
  const issued = await db.token.findUniqueOrThrow({ where: { id } });

  await letTimePass(id, 24);
  const early = await db.token.findUniqueOrThrow({ where: { id } });
  await page.clock.runFor(24 * 60_000);
  await page.request.get("/api/v1/token");
  expect(await db.token.findUniqueOrThrow({ where: { id } })).toMatchObject({ expiresAt: early.expiresAt });

  await letTimePass(id, 1.5);
  await page.clock.runFor(90_000);
  await expect
    .poll(async () => (await db.token.findUniqueOrThrow({ where: { id } })).expiresAt.getTime())
    .toBeGreaterThan(issued.expiresAt.getTime() - 60_000);
});

test("after 30 minutes of inactivity a user signs in again and loses nothing typed", async ({ page, ada }) => {
  const id = await signIn(page, ada);
  await page.goto("/settings/tokens/new");
  await page.getByLabel("Name", { exact: true }).fill("typed before the end");
  await page.getByRole("radio", { name: "All Permissions" }).check();
  await letTimePass(id, 31);

  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.getByLabel("Password", { exact: true }).fill(ada.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("typed before the end");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByRole("dialog", { name: "Copy your token now" })).toContainText("Token: typed before the end");
});

test("an ended session is listed as expired and can only be removed", async ({ adasPage: page, ada }) => {
  const { id } = await currentSession(ada.userId);
  await signIn(page, ada);
  await letTimePass(id, 40);
  await page.goto("/settings/tokens?tab=session");
  const expired = page.getByRole("table", { name: "Expired" });
  await expired.getByRole("button", { name: /^Actions for/ }).click();
  await expect(page.getByRole("menuitem", { name: /Enable|Disable/ })).toHaveCount(0);
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove session" }).click();
  await expect(expired).toHaveCount(0);
});

test("a user whose current session is ended is signed out, sees why, and returns to the page after signing in", async ({
  adasPage: page,
  ada,
}) => {
  await page.goto("/settings/tokens?tab=session");
  const name = await currentSession(ada.userId).then((session) => session.name);
  await act(page, name, "Disable…");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("you will be signed out");
  await dialog.getByRole("button", { name: "Disable session" }).click();
  await expect(page).toHaveURL(/\/sign-in\?/);
  await expect(page.getByText(/session/i).first()).toBeVisible();
  await signInByForm(page, ada);
  await expect(page).toHaveURL("/settings/tokens?tab=session");
});

test("all other sessions are removed at once, and the current one stays", async ({ adasPage: page, ada, browser }) => {
  const elsewhere = await browser.newContext({ baseURL: origin() });
  const other = await elsewhere.newPage();
  await signIn(other, ada);
  await other.goto("/settings/tokens");
  await page.goto("/settings/tokens?tab=session");
  await page.getByRole("button", { name: "Sign out all other sessions" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out all other sessions" }).click();
  await expect(page.getByText("Signed out 1 other session")).toBeVisible();
  await expect(page.getByRole("table", { name: "Active" }).getByRole("row")).toHaveCount(2);
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
  await elsewhere.close();
});

test("signing out ends the session at once", async ({ adasPage: page, ada }) => {
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: new RegExp(ada.userName) }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  const session = await currentSession(ada.userId);
  expect(session.expiresAt.getTime()).toBeLessThanOrEqual(Date.now());
  await page.goto("/settings/tokens");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("signing in again ends the previous session", async ({ page, ada }) => {
  const first = await signIn(page, ada);
  await page.goto("/settings/tokens");
  const cookies = await page.context().cookies();
  const { csrfToken } = await (await page.request.get("/api/auth/csrf")).json();
  const answer = await page.request.post("/api/auth/callback/credentials", {
    form: { csrfToken, username: ada.userName, password: ada.password, json: "true" },
    headers: { Origin: origin() },
  });
  expect(answer.ok()).toBe(true);
  expect(await page.context().cookies()).not.toEqual(cookies);
  const old = await db.token.findUniqueOrThrow({ where: { id: first } });
  expect(old.expiresAt.getTime()).toBeLessThanOrEqual(Date.now());
});
