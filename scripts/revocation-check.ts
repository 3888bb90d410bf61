import { randomBytes } from "node:crypto";
import { closeDatabase } from "@/lib/db";
import { migrate } from "@/lib/server/migrate";
import { retryUntilReachable } from "@/lib/server/retry-until-reachable";
import { CannotStart, printFailure, step } from "@/lib/server/steps";
import { httpRounds, type Plan, type Tally } from "@/testing/http-rounds";
import { introduceRoot, type Three, withThreeInstances } from "@/testing/three-instances";
import { throwawayDatabase } from "@/testing/throwaway-database";

// `npm run revocation-check -- 10000`: that many times something is taken away through one of three server processes or in the database,
// and all three are asked at once whether they still accept it. One stale answer fails.

/** What part of the rounds is done under which circumstances. */
const circumstances: { name: string; part: number; plan: Omit<Plan, "rounds"> }[] = [
  { name: "one change after the other", part: 0.1, plan: { writers: 1 } },
  { name: "ten changes at once", part: 0.4, plan: { writers: 10 } },
  { name: "50 connections ask the second", part: 0.25, plan: { writers: 4, hammering: 50 } },
  { name: "the second is stopped for 3 s", part: 0.1, plan: { writers: 40, stoppedSeconds: 3 } },
  { name: "its connections are cut", part: 0.15, plan: { writers: 4, hammering: 4, cutting: true } },
];

try {
  const [rounds = "10000"] = process.argv.slice(2);
  if (!/^[1-9]\d{0,6}$/.test(rounds)) throw new CannotStart("Say how many rounds: npm run revocation-check -- 10000");
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
    const asRoot = await prepared(database.url);
    return await withThreeInstances((three) => all(three, asRoot, rounds));
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

/** A database with the cast, and the header of somebody who may do everything. */
async function prepared(url: string): Promise<string> {
  let asRoot = "";
  await step("Database", async () => {
    await migrate(url);
    asRoot = await retryUntilReachable(introduceRoot);
    return "ready, for three server processes";
  });
  return asRoot;
}

async function all(three: Three, asRoot: string, rounds: number): Promise<boolean> {
  const titles = ["rounds", "asked after", "refused", "503 or cut", "held", "ACCEPTED"];
  console.log(`\n  ${"".padEnd(32)}${titles.map((title) => title.padStart(13)).join("")}`);
  let isSound = true;
  for (const { name, part, plan } of circumstances) {
    const tally = await httpRounds(three, asRoot, { ...plan, rounds: Math.ceil(rounds * part) });
    print(name, tally);
    isSound &&= tally.stale === 0 && tally.odd.length === 0;
  }
  console.log(isSound ? "\n  No instance accepted what had been taken away.\n" : "\n  Not everything holds.\n");
  return isSound;
}

function print(name: string, { rounds, tries, refused, unavailable, held, stale, staleBy, odd }: Tally): void {
  const figures = [rounds, tries, refused, unavailable, held, stale];
  console.log(`  ${name.padEnd(32)}${figures.map((figure) => figure.toLocaleString("en").padStart(13)).join("")}`);
  for (const [way, count] of Object.entries(staleBy)) console.log(`  ✗ ${count} times after “${way}”`);
  for (const each of odd.slice(0, 5)) console.log(`  ✗ ${each}`);
}
