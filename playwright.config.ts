import { defineConfig, devices } from "@playwright/test";

/**
 * The global set-up starts a server, unless `npm test` did, and puts what the tests need into the environment: BASE_URL,
 * DATABASE_URL, AUTH_SECRET, TESSERA_ADMIN_PASSWORD, SERVER_LOG (a file with all that the server printed) and CHROMIUM (a
 * path; unset for Playwright's own). Each worker reads this file after the set-up.
 */
export default defineConfig({
  testDir: "e2e",
  // Stories set their scenes through lib/, where `server-only` refuses to be imported outside a React server.
  tsconfig: "e2e/tsconfig.json",
  globalSetup: "./e2e/global-setup.ts",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  globalTimeout: 14 * 60_000,
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: process.env.BASE_URL,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
});
