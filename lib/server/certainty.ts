import { runBounded } from "@/lib/testing/bounded";

// `npm run certainty -- 10000`: that many rounds of the test that no instance accepts a token after it was taken away.
const rounds = process.argv[2] ?? "10000";
const args = ["node_modules/vitest/vitest.mjs", "run", "lib/verification/certainty.test.ts"];
const { code } = await runBounded(args, { minutes: 90, env: { TESTED_ROUNDS: rounds, NODE_ENV: "test" }, show: true });
process.exit(code ?? 1);
