import { randomBytes } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import { now } from "@/lib/clock";
import { db } from "@/lib/db";
import { hashPassword } from "@/lib/users/password";
import { castPassword, letTimePass, people } from "@/testing/cast";
import { startSessionOf } from "@/testing/sessions";

/** A user who is created for one test, so that parallel tests do not affect each other. */
export interface Person {
  userId: string;
  userName: string;
  password: string;
}

interface Fixtures {
  /** Ada, an author. She is not signed in anywhere yet. */
  ada: Person;
  /** Ada's page, on which she is signed in. */
  adasPage: Page;
  /** Mia, who manages accounts. */
  mia: Person;
  /** Mia's page in a separate browser context, on which she is signed in. */
  miasPage: Page;
  /** Root, who has all permissions. */
  root: Person;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  ada: async ({}, use) => use(await createPerson("ada")),
  adasPage: async ({ page, ada }, use) => {
    await signIn(page, ada);
    await use(page);
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  mia: async ({}, use) => use(await createPerson("mia")),
  miasPage: async ({ browser, mia }, use) => {
    const context = await browser.newContext({ baseURL: origin() });
    const page = await context.newPage();
    await signIn(page, mia);
    await use(page);
    await context.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  root: async ({}, use) => use(await createPerson("root")),
});

export { expect, letTimePass };

async function createPerson(name: keyof typeof people): Promise<Person> {
  const { fullName, roles } = people[name];
  const userName = `${name}-${randomBytes(4).toString("hex")}`;
  const { id: userId } = await db.user.create({
    data: {
      userName,
      fullName,
      passwordHash: await hashPassword(castPassword),
      passwordChangedAt: now(),
      roles: { create: roles.map((roleName) => ({ roleName })) },
    },
    select: { id: true },
  });
  return { userId, userName, password: castPassword };
}

/** Signs a user in on a page by writing the session. Returns the session's id. */
export async function signIn(page: Page, { userId }: Person): Promise<string> {
  const agent = await page.evaluate(() => navigator.userAgent);
  const from = { userId, ip: "127.0.0.1", agent, now: now() };
  const { id, value } = await startSessionOf(from);
  await page
    .context()
    .addCookies([{ name: "tessera-session", value: value.reveal(), url: origin(), httpOnly: true, sameSite: "Lax" }]);
  return id;
}

/** The origin of the server under test. */
export function origin(): string {
  const url = process.env.BASE_URL;
  if (!url) throw new Error("BASE_URL is not set; e2e/global-setup.ts sets it.");
  return url;
}

/** Runs a workspace of Samples as a program would, with only the value of a token. */
export function runEarthquakes(request: APIRequestContext, value: string, workspace = "nearby-earthquakes") {
  return request.post(`/api/v1/workspaces/Samples/${workspace}/runs`, {
    headers: { Authorization: `Bearer ${value}` },
    data: { parameters: {} },
  });
}

/** Checks the accessibility of the present page (WCAG 2.2 AA and best practice). Returns the violations. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** Waits until Manage Tokens is hydrated: its timers do not run before that. */
export async function waitUntilHydrated(page: Page): Promise<void> {
  await expect(async () => {
    await page.getByLabel("Show").selectOption("Active");
    await expect(page).toHaveURL(/state=enabled/, { timeout: 1000 });
  }).toPass();
}

/** Creates a token for one workspace with the form. Returns its value. */
export async function createToken(page: Page, name: string): Promise<string> {
  await page.goto("/settings/tokens/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("group", { name: "Samples/nearby-earthquakes" }).getByLabel("Run").check();
  await page.getByRole("button", { name: "Create token" }).click();
  return saveValue(page);
}

/** Creates an app of Samples/nearby-earthquakes with the request that the wizard sends. */
export async function createApp(page: Page, name: string, slug: string): Promise<void> {
  const made = await page.request.post("/api/v1/apps", {
    headers: { Origin: origin() },
    data: { name, slug, repository: "Samples", workspace: "nearby-earthquakes" },
  });
  expect(made.status(), await made.text()).toBe(201);
}

/** Creates a repository of the page's user. */
export async function createRepository({ request }: Page, name: string): Promise<void> {
  const made = await request.post("/api/v1/repositories", { headers: { Origin: origin() }, data: { name } });
  expect(made.status(), await made.text()).toBe(201);
}

/** Publishes a new workspace in a new repository of the page's user. Returns the path of its page. */
export async function publishWorkspace(page: Page, repository: string, name: string, data: string): Promise<string> {
  await createRepository(page, repository);
  const headers = { Origin: origin(), "Content-Type": "application/sql" };
  const published = await page.request.put(`/api/v1/workspaces/${repository}/${name}`, { headers, data });
  expect(published.status(), await published.text()).toBe(201);
  return `/workspaces/${repository}/${name}`;
}

/** Reads the value from the reveal dialog, confirms that it is saved, and closes the dialog. */
export async function saveValue(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog", { name: "Copy your token now" });
  const value = (await dialog.getByText(/^tsa_\w{46}$/).textContent()) ?? "";
  await dialog.getByLabel("I have saved this token").check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL("/settings/tokens");
  return value;
}

/** Opens the menu of a row and chooses an item. */
export async function act(page: Page, row: string, choice: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${row}` }).click();
  await page.getByRole("menuitem", { name: choice }).click();
}

/** Presses Tab until the focused element has this name. @throws Error after 80 elements. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const focused = page.locator(":focus");
  for (let stops = 0; stops < 80; stops++) {
    await page.keyboard.press("Tab");
    if ((await focused.count()) > 0 && (await hasName(focused, name))) return;
  }
  throw new Error(`The keyboard does not reach “${name}”.`);
}

async function hasName(focused: Locator, name: string): Promise<boolean> {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return expect(focused)
    .toHaveAccessibleName(new RegExp(`^${escaped}( \\(optional\\))?$`), { timeout: 1 })
    .then(() => true)
    .catch(() => false);
}
