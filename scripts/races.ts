import { randomBytes } from "node:crypto";
import { closeDatabase } from "@/lib/db";
import { migrate } from "@/lib/server/migrate";
import { CannotStart, printFailure, step } from "@/lib/server/steps";
import { killDuringAppCreation } from "@/testing/app-creation-kills";
import { raceAppCreation } from "@/testing/app-creation-races";
import { actorOf, introduceCast } from "@/testing/cast";
import { startInstance } from "@/testing/instance";
import { throwawayDatabase } from "@/testing/throwaway-database";
import { makeToken } from "@/testing/tokens";

// `npm run races -- apps [rounds]`: creates each app twice at the same moment, 1,000 times, at two server processes.
// `npm run races -- kills [kills]`: kills a server while it creates ten apps, 20 times.

const races = { apps: { rounds: "1000", race: raceApps }, kills: { rounds: "20", race: raceKills } };

try {
  const [name = "", argument] = process.argv.slice(2);
  const chosen = Object.hasOwn(races, name) ? races[name as keyof typeof races] : null;
  const rounds = argument ?? chosen?.rounds ?? "";
  if (!chosen || !/^[1-9]\d{0,5}$/.test(rounds)) {
    throw new CannotStart(
      "Say what to race and how many times: npm run races -- apps 1000, or npm run races -- kills 20",
    );
  }
  process.exit((await withDatabase((authorization) => chosen.race(Number(rounds), authorization))) ? 0 : 1);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

/** Returns whether every round ended as promised. */
async function raceApps(rounds: number, authorization: string): Promise<boolean> {
  const servers = await Promise.all([startInstance("first"), startInstance("second")]);
  try {
    return await report("Apps", async () => {
      const { made, broken } = await raceAppCreation(servers, { rounds, authorization });
      return { broken, isSound: made === rounds, summary: `${made} of ${rounds} created once, with one token` };
    });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function raceKills(kills: number, authorization: string): Promise<boolean> {
  const atOnce = 10;
  return report("Kills", async () => {
    const { apps, answered, broken } = await killDuringAppCreation({ kills, atOnce, authorization });
    const requests = kills * atOnce;
    const summary = `${kills} servers killed, ${answered} of ${requests} requests answered before, ${apps} apps complete in the end`;
    return { broken, isSound: apps === requests, summary };
  });
}

async function report(
  name: string,
  race: () => Promise<{ broken: string[]; isSound: boolean; summary: string }>,
): Promise<boolean> {
  let hasPassed = false;
  await step(name, async () => {
    const { broken, isSound, summary } = await race();
    for (const each of broken) console.log(`  ✗ ${each}`);
    hasPassed = isSound && broken.length === 0;
    return summary;
  });
  return hasPassed;
}

async function withDatabase(race: (authorization: string) => Promise<boolean>): Promise<boolean> {
  const database = await throwawayDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.AUTH_SECRET = randomBytes(32).toString("base64url");
  try {
    return await race(await prepareDatabase(database.url));
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

/** Prepares a database with the cast. Returns the `Authorization` header of Ada. */
async function prepareDatabase(url: string): Promise<string> {
  const now = new Date();
  await step("Database", async () => {
    await migrate(url);
    await introduceCast(now);
    return "ready, with two workspaces of Ada's";
  });
  const { value } = await makeToken(await actorOf("ada", now), { allPermissions: true });
  return `Bearer ${value}`;
}
