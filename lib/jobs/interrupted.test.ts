import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeDataFolder } from "@/testing/data-folder";
import { submitRun } from "./commands";
import { startJobs } from "./worker";

let folder: string;

beforeAll(async () => {
  folder = await makeDataFolder();
  process.env.TESSERA_DATA_DIR = folder;
  await introduceCast(new Date());
});
afterAll(() => rm(folder, { recursive: true }));

/** The lines of the first attempt are refused as while PostgreSQL starts; those of the second are not. */
const refuseFirstLog = [
  `CREATE FUNCTION be_away() RETURNS trigger LANGUAGE plpgsql AS
   $$ BEGIN RAISE EXCEPTION 'the database system is starting up' USING ERRCODE = '57P03'; END $$`,
  `CREATE TRIGGER away BEFORE INSERT ON job_log_lines
   FOR EACH ROW WHEN (NEW.seq < 20000) EXECUTE FUNCTION be_away()`,
];

test("a job that meets an outage is started again in place of failing", { timeout: 90_000 }, async () => {
  for (const statement of refuseFirstLog) await db.$executeRawUnsafe(statement);
  const jobs = await startJobs();
  const ada = await actorOf("ada", new Date());
  const { id } = await submitRun(ada, { repository: "Rivers", name: "gauge-levels" }, { parameters: {} });
  const stateOf = () => db.job.findUniqueOrThrow({ where: { id }, select: { status: true, attempts: true } });
  await expect.poll(stateOf, { timeout: 60_000 }).toEqual({ status: "succeeded", attempts: 2 });
  await jobs.stop();
  await db.$executeRawUnsafe("DROP FUNCTION be_away CASCADE");
});
