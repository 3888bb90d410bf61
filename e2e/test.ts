import { randomBytes } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import { now } from "@/lib/clock";
import { db, inTransaction } from "@/lib/db";
import { issueSession } from "@/lib/tokens/sessions";
import { hashPassword } from "@/lib/users/password";
import { castPassword, letTimePass, people } from "@/testing/cast";

/** Somebody with an account of their own, so that stories told side by side do not meet. */
export interface Person {
  userId: string;
  userName: string;
  password: string;
}

interface Fixtures {
  /** Ada, an author. She is not signed in anywhere yet. */
  ada: Person;
  /** Ada's page; she is signed in there. */
  adasPage: Page;
  /** Mia, who manages accounts. */
  mia: Person;
  /** Mia's page, in a browser of her own; she is signed in there. */
  miasPage: Page;
  /** Root, who holds everything. */
  root: Person;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  ada: async ({}, use) => use(await newcomer("ada")),
  adasPage: async ({ page, ada }, use) => {
    await signIn(page, ada);
    await use(page);
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  mia: async ({}, use) => use(await newcomer("mia")),
  miasPage: async ({ browser, mia }, use) => {
    const context = await browser.newContext({ baseURL: origin() });
    const page = await context.newPage();
    await signIn(page, mia);
    await use(page);
    await context.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern
  root: async ({}, use) => use(await newcomer("root")),
});

export { expect, letTimePass };

async function newcomer(name: keyof typeof people): Promise<Person> {
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

/** Signs somebody in on a page by writing the session, which is what signing in does. Answers the session's id. */
export async function signIn(page: Page, { userId }: Person): Promise<string> {
  const agent = await page.evaluate(() => navigator.userAgent);
  const from = { userId, address: "127.0.0.1", agent, now: now() };
  const { id, value } = await inTransaction((tx) => issueSession(tx, from));
  await page
    .context()
    .addCookies([{ name: "tessera-session", value: value.reveal(), url: origin(), httpOnly: true, sameSite: "Lax" }]);
  return id;
}

/** Where the server under test is. */
export function origin(): string {
  const url = process.env.BASE_URL;
  if (!url) throw new Error("BASE_URL is not set; e2e/global-setup.ts sets it.");
  return url;
}

/** Runs the workspace Samples/nearby-earthquakes as a program would, with nothing but a token's value. */
export function runEarthquakes(request: APIRequestContext, value: string, workspace = "nearby-earthquakes") {
  return request.post(`/api/v1/workspaces/Samples/${workspace}/runs`, {
    headers: { Authorization: `Bearer ${value}` },
    data: { parameters: {} },
  });
}

/** What an accessibility checker has against the page as it stands (WCAG 2.2 AA and good practice). */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** Waits until Manage Tokens answers to its reader: before that, its timers do not run. */
export async function untilAlive(page: Page): Promise<void> {
  await expect(async () => {
    await page.getByLabel("Show").selectOption("Enabled");
    await expect(page).toHaveURL(/state=enabled/, { timeout: 1000 });
  }).toPass();
}

/** Fills in New token for one workspace and creates it. Answers the value, which is shown this once. */
export async function createToken(page: Page, name: string): Promise<string> {
  await page.goto("/settings/tokens/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("group", { name: "Samples/nearby-earthquakes" }).getByLabel("Run").check();
  await page.getByRole("button", { name: "Create token" }).click();
  return saveValue(page);
}

/** Makes an app of Samples/nearby-earthquakes, as the wizard would, and answers once it is there. */
export async function createApp(page: Page, name: string, slug: string): Promise<void> {
  const made = await page.request.post("/api/v1/apps", {
    headers: { Origin: origin() },
    data: { name, slug, repository: "Samples", workspace: "nearby-earthquakes" },
  });
  expect(made.status(), await made.text()).toBe(201);
}

/** Reads the value off the reveal dialog, says that it is saved, and closes it for good. */
export async function saveValue(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog", { name: /^Save the value of/ });
  const value = (await dialog.getByText(/^tsa_\w{46}$/).textContent()) ?? "";
  await dialog.getByLabel("I have saved this token").check();
  await dialog.getByRole("button", { name: "Close for good" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL("/settings/tokens");
  return value;
}

/** Opens the menu of a row and chooses from it. */
export async function act(page: Page, row: string, choice: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${row}` }).click();
  await page.getByRole("menuitem", { name: choice }).click();
}

/** Presses Tab until what has the focus is called so; fails when that does not happen within a page's worth of stops. */
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
