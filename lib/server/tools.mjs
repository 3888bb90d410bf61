const biome = "node_modules/@biomejs/biome/bin/biome";
const next = "node_modules/next/dist/bin/next";

/** `npm run lint` and the like, and `npm test`, give Node these programs, one after the other. */
export const tools = {
  lint: [[biome, "ci", "--error-on-warnings"]],
  format: [[biome, "check", "--write"]],
  // TypeScript needs the types of the routes, which Next writes.
  typecheck: [
    [next, "typegen"],
    ["node_modules/typescript/bin/tsc", "--noEmit"],
  ],
  // The tests of e2e/faults need the production build and the machine to themselves; `npm test -- faults` runs them.
  "test:unit": [["node_modules/vitest/vitest.mjs", "run", "--exclude=e2e/faults/**"]],
  "test:e2e": [["node_modules/@playwright/test/cli.js", "test"]],
};
