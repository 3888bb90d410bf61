import { rm } from "node:fs/promises";
import { runBounded } from "./bounded";
import { makeDataFolder } from "./data-folder";

/** How a start ended, and what it printed except for the steps that it completed. */
export interface StartEnding {
  code: number | null;
  lines: string[];
}

/** Starts a server on a database that it must refuse. */
export const startOn = (databaseUrl: string, env?: Record<string, string>): Promise<StartEnding> =>
  endingOf("lib/server/start.ts", databaseUrl, env);

/** Does with a database what a start does before it serves. */
export const prepareOn = (databaseUrl: string, env?: Record<string, string>): Promise<StartEnding> =>
  endingOf("testing/prepare-database.ts", databaseUrl, env);

async function endingOf(program: string, databaseUrl: string, env = {}): Promise<StartEnding> {
  const folder = await makeDataFolder();
  const { code, output } = await runBounded(["--import", "tsx", "--conditions=react-server", program], {
    minutes: 1,
    env: { PORT: "", TESSERA_DATA_DIR: folder, DATABASE_URL: databaseUrl, ...env },
  });
  await rm(folder, { recursive: true });
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !/^ *[✓·] /.test(line));
  return { code, lines };
}
