import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { Client } from "pg";
import { freePort } from "@/lib/server/database";
import { makeDataFolder } from "@/testing/data-folder";
import { startServer } from "@/testing/tested-server";
import { expect, test } from "./test";

const next = (page: Page, step: string) => page.getByRole("button", { name: `Next: ${step}` }).click();

/** Creates an empty database and the settings of a server that uses it. */
async function prepareServer() {
  const url = new URL(process.env.DATABASE_URL ?? "");
  const admin = new Client({ connectionString: url.href });
  await admin.connect();
  const name = `killed_${randomBytes(6).toString("hex")}`;
  await admin.query(`CREATE DATABASE ${name}`);
  url.pathname = name;
  const folder = await makeDataFolder();
  const settings = {
    PORT: String(await freePort(0)),
    DATABASE_URL: url.href,
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    TESSERA_ADMIN_PASSWORD: randomBytes(18).toString("base64url"),
    TESSERA_DATA_DIR: folder,
  };
  const clear = async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
    await rm(folder, { recursive: true });
  };
  return { settings, log: join(folder, "server.log"), clear };
}

/** Reads all apps, with the token of each and its permissions. */
async function readApps(connectionString: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query(
    `SELECT a.slug, a.workspace_name AS workspace, t.name AS token,
       (SELECT array_agg(p.permission) FROM granted_permissions p WHERE p.token_id = t.id) AS permissions
     FROM apps a FULL JOIN (SELECT * FROM tokens WHERE kind = 'api') t ON t.app_id = a.id`,
  );
  await client.end();
  return rows;
}

test("a server that is killed between the steps of the wizard, and before it answers the last, loses nothing and creates one app", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const { settings, log, clear } = await prepareServer();
  let server = await startServer(settings, log);
  try {
    await page.goto(
      `${server.origin}/sign-in?return=${encodeURIComponent("/apps/new?workspace=Samples/airports-by-state")}`,
    );
    await page.getByLabel("Username").fill("admin");
    await page.getByLabel("Password", { exact: true }).fill(settings.TESSERA_ADMIN_PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Airports");
    await page.getByLabel("Description").fill("By state.");
    await next(page, "Workspace");
    await next(page, "Parameters");
    await page.getByLabel("Show to visitors (Format)").uncheck();

    await test.step("the server is killed at the third step", async () => {
      const { href } = new URL(page.url());
      await server.kill();
      await expect(page.reload()).rejects.toThrow();
      expect(await readApps(settings.DATABASE_URL)).toEqual([]);
      server = await startServer(settings, log);
      await page.goto(href);
      await expect(page.getByLabel("Show to visitors (Format)")).not.toBeChecked();
      await page.getByRole("button", { name: "Back" }).click();
      await page.getByRole("button", { name: "Back" }).click();
      await expect(page.getByLabel("Description")).toHaveValue("By state.");
      for (const step of ["Workspace", "Parameters", "Expiration and permissions", "Review"]) await next(page, step);
    });

    await test.step("the server is killed after it has created the app and before it answers", async () => {
      const lastStep = (url: URL) => url.pathname === "/api/v1/apps";
      await page.route(
        lastStep,
        async (route) => {
          await route.fetch();
          await server.kill();
          await route.abort();
        },
        { times: 1 },
      );
      await page.getByRole("button", { name: "Create app" }).click();
      await expect(page.getByText(/^The server didn't respond/)).toBeVisible();
      server = await startServer(settings, log);
      await page.reload();
      await page.getByRole("button", { name: "Create app" }).click();
      await expect(page.getByText("was already created, but the response was lost")).toBeVisible();
      await expect(page).toHaveURL(/\/apps\/airports$/);
      await expect(page.getByRole("main")).toContainText("Active");
    });

    expect(await readApps(settings.DATABASE_URL)).toEqual([
      {
        slug: "airports",
        workspace: "airports-by-state",
        token: "Airports",
        permissions: ["workspace/Samples/airports-by-state:run"],
      },
    ]);
  } finally {
    await server.kill();
    await clear();
  }
});
