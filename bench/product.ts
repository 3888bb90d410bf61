import { freePort } from "@/lib/server/database";
import { type Server, startServer } from "./start-server";

/** Starts Tessera with its pages, as `npm start` does, with the database of DATABASE_URL unless `env` has another. */
export async function startProduct(env: Record<string, string> = {}): Promise<Server> {
  const port = await freePort(0);
  return startServer("servers/product", {
    flags: ["--max-old-space-size=512"],
    env: { PORT: String(port), WEB_CONCURRENCY: "1", ...env },
  });
}
