import { ensureBuilt } from "@/lib/server/build";
import { findBrowser } from "./browser";
import { type TestedServer, testedServer } from "./tested-server";

/**
 * Starts what the stories of `e2e/` run against: a server from the production build, which is made first if it is missing, on a
 * throwaway database, and a Chromium.
 *
 * @param say is given a line about each thing that takes long.
 * @returns the server; its environment also has CHROMIUM when the browser is not Playwright's own.
 */
export async function startStoryServer(say: (text: string) => void): Promise<TestedServer> {
  await ensureBuilt();
  const { name, path } = await findBrowser(say);
  say(`with ${name}`);
  const server = await testedServer();
  return { ...server, environment: { ...server.environment, ...(path ? { CHROMIUM: path } : {}) } };
}
