import { defineConfig, devices } from "@playwright/test";

/**
 * `npm test` starts the server and says where it is; the tests find in their environment:
 * BASE_URL, DATABASE_URL, AUTH_SECRET, TESSERA_ADMIN_PASSWORD, SERVER_LOG (a file with all that the server printed) and
 * CHROMIUM (a path; unset for Playwright's own).
 */
export default defineConfig({
  testDir: "e2e",
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
    baseURL: process.env.BASE_URL ?? "http://localhost:3000",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
});
