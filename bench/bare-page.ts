import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Server, startServer } from "./start-server";

const run = promisify(execFile);

/** Builds the bare page as the product is built, and starts a server of it. */
export async function startBarePage(): Promise<Server> {
  await run(process.execPath, ["node_modules/next/dist/bin/next", "build", "bench/servers/bare-page"], {
    env: { ...process.env, NODE_ENV: "production" },
  });
  return startServer("servers/bare-page");
}
