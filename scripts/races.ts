import { randomBytes } from "node:crypto";
import { closeDatabase } from "@/lib/db";
import { migrate } from "@/lib/server/migrate";
import { CannotStart, printFailure, step } from "@/lib/server/steps";
import { actorOf, introduceCast } from "@/testing/cast";
import { throwawayDatabase } from "@/testing/throwaway-database";
import { makeToken } from "@/testing/tokens";
import { wizardKills } from "@/testing/wizard-kills";
import { apiServer, wizardRaces } from "@/testing/wizard-races";

// `npm run races -- apps [rounds]`: takes the wizard's last step twice at the same moment, 1,000 times, against two server processes.
// `npm run races -- kills [kills]`: kills a server in the middle of it, 20 times, for ten apps each.

const races = { apps: { rounds: "1000", race: raceApps }, kills: { rounds: "20", race: raceKills } };

try {
  const [what = "", given] = process.argv.slice(2);
  const chosen = Object.hasOwn(races, what) ? races[what as keyof typeof races] : null;
  const rounds = given ?? chosen?.rounds ?? "";
  if (!chosen || !/^[1-9]\d{0,5}$/.test(rounds)) {
    throw new CannotStart(
      "Say what is to race, and how often: npm run races -- apps 1000, or npm run races -- kills 20",
    );
  }
  process.exit((await onDatabase((authorization) => chosen.race(Number(rounds), authorization))) ? 0 : 1);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

/** Answers whether every round ended as promised. */
async function raceApps(rounds: number, authorization: string): Promise<boolean> {
  const servers = await Promise.all([apiServer(), apiServer()]);
  try {
    return await tallied("Apps", async () => {
      const { made, broken } = await wizardRaces([servers[0], servers[1]], { rounds, authorization });
      return { broken, isSound: made === rounds, told: `${made} of ${rounds} made once, with one token` };
    });
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function raceKills(kills: number, authorization: string): Promise<boolean> {
  const atOnce = 10;
  return tallied("Kills", async () => {
    const { apps, answered, broken } = await wizardKills({ kills, atOnce, authorization });
    const told = `${kills} servers killed, ${answered} of ${kills * atOnce} answered before, ${apps} whole in the end`;
    return { broken, isSound: apps === kills * atOnce, told };
  });
}

async function tallied(
  name: string,
  race: () => Promise<{ broken: string[]; isSound: boolean; told: string }>,
): Promise<boolean> {
  let sound = false;
  await step(name, async () => {
    const { broken, isSound, told } = await race();
    for (const each of broken) console.log(`  ✗ ${each}`);
    sound = isSound && broken.length === 0;
    return told;
  });
  return sound;
}

async function onDatabase(race: (authorization: string) => Promise<boolean>): Promise<boolean> {
  const database = await throwawayDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.AUTH_SECRET = randomBytes(32).toString("base64url");
  try {
    return await race(await prepared(database.url));
  } finally {
    await closeDatabase();
    await database.stop();
  }
}

/** A database with the cast, and the header by which Ada comes in. */
async function prepared(url: string): Promise<string> {
  const now = new Date();
  await step("Database", async () => {
    await migrate(url);
    await introduceCast(now);
    return "ready, with two workspaces of Ada's";
  });
  const { value } = await makeToken(await actorOf("ada", now), { allPermissions: true });
  return `Bearer ${value}`;
}
