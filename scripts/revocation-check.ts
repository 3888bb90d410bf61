import { randomBytes } from "node:crypto";
import { closeDatabase } from "@/lib/db";
import { migrate } from "@/lib/server/migrate";
import { retryUntilReachable } from "@/lib/server/retry-until-reachable";
import { CannotStart, printFailure, step } from "@/lib/server/steps";
import { httpRounds } from "@/testing/http-rounds";
import type { Plan, Tally } from "@/testing/revocation-rounds";
import { introduceRoot, type ThreeInstances, withThreeInstances } from "@/testing/three-instances";
import { throwawayDatabase } from "@/testing/throwaway-database";

// `npm run revocation-check -- 10000`: revokes a token or session that many times, through one of three server processes or in
// the database, and checks at once whether any of the three still accepts it. One stale answer is a failure.

/** Under which circumstances the rounds are done, and which part of them. */
const circumstances: { name: string; part: number; plan: Omit<Plan, "rounds"> }[] = [
  { name: "one change after the other", part: 0.1, plan: { writers: 1 } },
  { name: "ten changes at once", part: 0.4, plan: { writers: 10 } },
  { name: "50 connections load the second", part: 0.25, plan: { writers: 4, loadRequests: 50 } },
  { name: "the second is stopped for 3 s", part: 0.1, plan: { writers: 40, stoppedSeconds: 3 } },
  { name: "its connections are cut", part: 0.15, plan: { writers: 4, loadRequests: 4, cutsConnections: true } },
];

try {
  const [rounds = "10000"] = process.argv.slice(2);
  if (!/^[1-9]\d{0,6}$/.test(rounds))
    throw new CannotStart("Pass the number of rounds: npm run revocation-check -- 10000");
  process.exit((await checkRevocations(Number(rounds))) ? 0 : 1);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function checkRevocations(rounds: number): Promise<boolean> {
  const database = await throwawayDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.AUTH_SECRET = randomBytes(32).toString("base64url");
  try {
    const asRoot = await prepareDatabase(database.url);
    return await withThreeInstances((three) => runAll(three, asRoot, rounds));
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

/** Prepares a database with the cast. Returns the `Authorization` header of root. */
async function prepareDatabase(url: string): Promise<string> {
  let asRoot = "";
  await step("Database", async () => {
    await migrate(url);
    asRoot = await retryUntilReachable(introduceRoot);
    return "ready, for three server processes";
  });
  return asRoot;
}

async function runAll(three: ThreeInstances, asRoot: string, rounds: number): Promise<boolean> {
  const titles = ["rounds", "checks after", "refused", "503 or cut", "while stopped", "ACCEPTED"];
  console.log(`\n  ${"".padEnd(32)}${titles.map((title) => title.padStart(15)).join("")}`);
  let isSound = true;
  for (const { name, part, plan } of circumstances) {
    const tally = await httpRounds(three, asRoot, { ...plan, rounds: Math.ceil(rounds * part) });
    print(name, tally);
    isSound &&= tally.stale === 0 && tally.unexpected.length === 0;
  }
  console.log(isSound ? "\n  No instance accepted a revoked token.\n" : "\n  The check has failed.\n");
  return isSound;
}

function print(
  name: string,
  { rounds, checks, refused, unavailable, sentWhileStopped, stale, staleBy, unexpected }: Tally,
): void {
  const figures = [rounds, checks, refused, unavailable, sentWhileStopped, stale];
  console.log(`  ${name.padEnd(32)}${figures.map((figure) => figure.toLocaleString("en").padStart(15)).join("")}`);
  for (const [way, count] of Object.entries(staleBy)) console.log(`  ✗ ${count} times after “${way}”`);
  for (const each of unexpected.slice(0, 5)) console.log(`  ✗ ${each}`);
}
