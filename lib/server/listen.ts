import { Server } from "node:http";
import next from "next";
import { startEngines, stopEngines } from "@/lib/engine/pool";
import { env } from "@/lib/env";
import { startJobs } from "@/lib/jobs/worker";
import { log } from "@/lib/log";
import { startUsage, stopUsage } from "@/lib/verification/usage";
import { createHttpServer } from "../front/http-server";
import { provideBuiltConfiguration } from "./build";
import { readBuiltRoutes } from "./built-routes";
import { retryUntilReachable } from "./retry-until-reachable";
import type { Cleanup } from "./run-until-signal";
import { CannotStart } from "./steps";

/** Serves pages, REST and verification on one port, and runs jobs. Throws CannotStart when the port is taken. */
export async function listen(mode: "start" | "dev", cleanups: Cleanup[]): Promise<void> {
  const { port } = env();
  if (mode === "start") await provideBuiltConfiguration();
  // Next.js takes all upgrades of its server, and only live reload needs any, so in production it gets one that never listens.
  const httpServer = mode === "dev" ? undefined : new Server();
  const app = next({ dev: mode === "dev", port, hostname: "localhost", httpServer });
  const built = mode === "start" ? readBuiltRoutes(`http://localhost:${port}`) : null;
  const handle = app.getRequestHandler();
  const { server, stop } = createHttpServer(handle, built?.answer);
  startUsage();
  cleanups.push(stopUsage);
  cleanups.push(async () => stopEngines());
  const jobs = await retryUntilReachable(startJobs);
  cleanups.push(() => jobs.stop());
  await app.prepare();
  cleanups.push(() => app.close());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? portTaken(port) : error),
    );
    server.listen(port, resolve);
  });
  cleanups.push(stop);
  await startEngines();
  built?.loadAll().catch((error) => log.error({ err: error }, "the routes could not be loaded ahead"));
}

export function portTaken(port: number): CannotStart {
  return new CannotStart(
    `Port ${port} is already in use. Stop the other program, or choose another port: PORT=${port + 1} npm start`,
  );
}
