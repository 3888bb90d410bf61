import { freePort } from "@/lib/server/database";
import { type Server, startServer } from "./start-server";

/** Starts Tessera with its pages, as `npm start` does, with the database of DATABASE_URL. */
export async function startProduct(): Promise<Server> {
  const port = await freePort(0);
  return startServer("servers/product", {
    flags: ["--max-old-space-size=512"],
    env: { PORT: String(port), WEB_CONCURRENCY: "1" },
  });
}
