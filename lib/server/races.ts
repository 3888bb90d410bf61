import { randomBytes } from "node:crypto";
import { closeDatabase } from "@/lib/db";
import { throwawayDatabase } from "@/lib/testing/throwaway-database";
import { makeToken } from "@/lib/testing/tokens";
import { apiServer, wizardRaces } from "@/lib/testing/wizard-races";
import { actorOf, introduceCast } from "@/prisma/cast";
import { migrate } from "./migrate";
import { CannotStart, printFailure, step } from "./steps";

// `npm run races -- apps [rounds]`: takes the wizard's last step twice at the same moment, 1,000 times, against two server processes.

try {
  const [what = "", rounds = "1000"] = process.argv.slice(2);
  if (what !== "apps" || !/^[1-9]\d{0,5}$/.test(rounds)) {
    throw new CannotStart("Say what is to race, and how often if not 1,000 times: npm run races -- apps 1000");
  }
  process.exit((await raceApps(Number(rounds))) ? 0 : 1);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

/** Answers whether every round ended as promised. */
async function raceApps(rounds: number): Promise<boolean> {
  const database = await throwawayDatabase();
  process.env.DATABASE_URL = database.url;
  process.env.AUTH_SECRET = randomBytes(32).toString("base64url");
  try {
    const authorization = await prepared(database.url);
    const servers = await Promise.all([apiServer(), apiServer()]);
    let isSound = false;
    try {
      await step("Apps", async () => {
        const { made, broken } = await wizardRaces([servers[0], servers[1]], { rounds, authorization });
        for (const each of broken) console.log(`  ✗ ${each}`);
        isSound = broken.length === 0 && made === rounds;
        return `${made} of ${rounds} made once, with one token`;
      });
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
    return isSound;
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
