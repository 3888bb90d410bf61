import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "@/lib/server/build";
import { note, printFailure, secondsSince } from "@/lib/server/steps";
import { tools } from "@/lib/server/tools.mjs";
import { type Ending, runBounded } from "@/testing/bounded";
import { leaksInDatabase, leaksInFiles } from "@/testing/leaks";
import { startStoryServer } from "@/testing/story-server";
import type { TestedServer } from "@/testing/tested-server";

// `npm test` runs all checks; `npm test -- unit browser` runs those whose names begin with one of these words.

type Count = { passed: number; failed: number };
type Check = { name: string; run: () => Promise<Count> };

const checks: Check[] = [
  {
    name: "lint",
    run: () => tool("lint", 2, ["--colors=off"]),
  },
  { name: "types", run: () => tool("typecheck", 3) },
  { name: "unused code", run: () => program(["node_modules/knip/bin/knip.js"], 3) },
  { name: "unit and integration", run: () => vitest(tools["test:unit"].flat(), 15) },
  { name: "production build", run: productionBuild },
  // One file at a time, because each starts several servers, some of them from the build.
  {
    name: "faults",
    run: () => vitest(["node_modules/vitest/vitest.mjs", "run", "e2e/faults", "--no-file-parallelism"], 20),
  },
  { name: "browser", run: browserTests },
];

const reports = join(tmpdir(), `tessera-reports-${process.pid}`);
for (const signal of ["SIGINT", "SIGTERM", "disconnect"]) process.on(signal, () => process.exit(130));

const began = performance.now();
const wanted = process.argv.slice(2);
const total: Count = { passed: 0, failed: 0 };
for (const { name, run } of checks) {
  if (wanted.length > 0 && !wanted.some((start) => name.startsWith(start))) continue;
  add(await check(name, run));
}
await rm(reports, { recursive: true, force: true });
console.log(
  `\n  ${total.failed === 0 ? "All checks passed" : "Some checks failed"}, after ${secondsSince(began)} s.\n`,
);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function check(name: string, run: () => Promise<Count>): Promise<Count> {
  const began = performance.now();
  note(name, " …");
  const count = await run().catch((error) => {
    printFailure(error);
    return { passed: 0, failed: 1 };
  });
  const mark = count.failed === 0 ? "✓" : "✗";
  console.log(`  ${mark} ${name.padEnd(22)}${count.passed} passed, ${count.failed} failed (${secondsSince(began)} s)`);
  return count;
}

function add({ passed, failed }: Count): void {
  total.passed += passed;
  total.failed += failed;
}

/** Runs a program as one check. Its output is printed only when it fails. */
async function program(args: string[], minutes: number): Promise<Count> {
  const { code, timedOut, output } = await runBounded(args, { minutes });
  if (code === 0) return { passed: 1, failed: 0 };
  console.log(output);
  if (timedOut) console.log(`  Stopped after ${minutes} minutes.`);
  return { passed: 0, failed: 1 };
}

/** Runs the programs of a development tool, one after the other, and stops at the first that fails. */
async function tool(name: keyof typeof tools, minutes: number, options: string[] = []): Promise<Count> {
  for (const args of tools[name]) {
    const { failed } = await program([...args, ...options], minutes);
    if (failed > 0) return { passed: 0, failed };
  }
  return { passed: 1, failed: 0 };
}

async function vitest(args: string[], minutes: number): Promise<Count> {
  const report = join(reports, "vitest.json");
  await rm(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ending = await runBounded([...args, ...reporters], { minutes, show: true });
  const { numPassedTests, numFailedTests, testResults } = await readReport(report, ending);
  // A file that cannot be loaded has failed without a failed test.
  const broken = testResults.filter(
    (file: { status: string; assertionResults: { status: string }[] }) =>
      file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  );
  return honest({ passed: numPassedTests, failed: numFailedTests + broken.length }, ending);
}

async function productionBuild(): Promise<Count> {
  await ensureBuilt();
  return { passed: 1, failed: 0 };
}

/** Runs Playwright against a real server, then checks that the server has leaked no token value and stops cleanly. */
async function browserTests(): Promise<Count> {
  const server = await startStoryServer((text) => note("browser", text));
  try {
    const stories = await runStories(server);
    const secrets = await secretsAreKept(server);
    const stop = await stopsCleanly(server);
    return sum(stories, secrets, stop);
  } finally {
    await server.stop();
    await server.discard();
  }
}

async function runStories({ environment }: TestedServer): Promise<Count> {
  const report = join(reports, "browser.json");
  const env = { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const args = [...tools["test:e2e"].flat(), "--reporter=list,json"];
  const ending = await runBounded(args, { minutes: 15, env, show: true });
  const { stats } = await readReport(report, ending);
  return honest({ passed: stats.expected, failed: stats.unexpected + stats.flaky }, ending);
}

/** Checks that after the browser tests no token value is in the database, its files, the log or the build. */
async function secretsAreKept({ environment, folder }: TestedServer): Promise<Count> {
  const leaks = [
    ...(await leaksInDatabase(environment.DATABASE_URL ?? "")),
    ...(await leaksInFiles([folder, ".next/server", ".next/static"])),
  ];
  for (const leak of leaks) console.log(`  ✗ The value of a token is in ${leak}.`);
  return { passed: leaks.length === 0 ? 1 : 0, failed: leaks.length };
}

async function stopsCleanly(server: TestedServer): Promise<Count> {
  const { code, timedOut } = await server.stop();
  if (code === 0 && !timedOut) return { passed: 1, failed: 0 };
  console.log(
    `  ✗ The server did not stop cleanly: exit code ${code}.\n${await readFile(server.environment.SERVER_LOG ?? "", "utf8")}`,
  );
  return { passed: 0, failed: 1 };
}

async function readReport(file: string, { timedOut, code }: Ending) {
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8"));
  throw new Error(timedOut ? "It took too long and was stopped." : `It ended with exit code ${code} and no report.`);
}

/** Counts one failure when the runner fails without a failed test, because it crashed or found no tests. */
function honest(count: Count, { code }: Ending): Count {
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function sum(...counts: Count[]): Count {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
}
