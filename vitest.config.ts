import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      // The package throws outside a React server; here everything is one.
      { find: /^server-only$/, replacement: path("node_modules/server-only/empty.js") },
      { find: /^@\//, replacement: path("./") },
    ],
  },
  test: {
    include: ["{lib,app,components,scripts,testing,e2e}/**/*.test.{ts,tsx}"],
    globalSetup: ["testing/template-database.ts"],
    setupFiles: ["testing/worker-database.ts"],
    pool: "forks",
    testTimeout: 40_000,
    // A busy machine comes to it late. What never comes fails all the same.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    unstubEnvs: true,
    restoreMocks: true,
  },
});
