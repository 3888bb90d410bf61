import { ensureClient } from "@/lib/server/prisma-client.mjs";
import { note } from "@/lib/server/steps";
import { startStoryServer } from "@/testing/story-server";

/**
 * Starts the server that the stories use and stops it after them. `npm test` has started one already, which it examines
 * after the stories: that one is used.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.BASE_URL) return;
  ensureClient();
  const server = await startStoryServer((text) => note("browser", text));
  // The developer's `.env` is not for tests: see readSettings.
  Object.assign(process.env, server.environment, { NODE_ENV: "test" });
  return async () => {
    await server.stop();
    await server.discard();
  };
}
