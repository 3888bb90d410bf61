import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Client } from "pg";
import { databaseHost } from "@/lib/database-url";
import { closeDatabase } from "@/lib/db";
import { env, readSettings } from "@/lib/env";
import { rulesInForce } from "@/lib/front/authorize-rules";
import { labelProcess } from "@/lib/front/metrics";
import { provideEngineAccount } from "./accounts";
import { ensureBuilt, isPackage } from "./build";
import { connectionsNeeded, demandConnections } from "./connection-budget";
import { freePort, readOrCreateSecret, startDatabase } from "./database";
import { demandUnicode } from "./encoding";
import { listen, portTaken } from "./listen";
import { migrate } from "./migrate";
import { demandSessions } from "./pooling";
import { retryUntilReachable } from "./retry-until-reachable";
import { type Cleanup, type Fail, runUntilSignal } from "./run-until-signal";
import { seed } from "./seed";
import { ensureSortOrder } from "./sort-order";
import { asCannotStart } from "./start-failure";
import { secondsSince, step } from "./steps";
import { Workers, workerNumberVariable } from "./workers";

/** `start` serves a production build in WEB_CONCURRENCY processes; `dev` compiles pages on request, in one process. */
export function serve(mode: "start" | "dev"): Promise<void> {
  const began = performance.now();
  const start = async (cleanups: Cleanup[], fail: Fail) => {
    const { port, processes } = readSettings();
    if (!(await freePort(port))) throw portTaken(port);
    await prepare(cleanups, fail);
    if (mode === "start") await step("Pages", ensureBuilt);
    await step("Server", () => open(mode === "start" ? processes : 1, mode, cleanups));
  };
  return runUntilSignal(start, { ready: () => announce(began) });
}

/** Runs one of several processes. Their parent has prepared the database and the build. */
export function serveWorker(): Promise<void> {
  labelProcess(process.env[workerNumberVariable] ?? "");
  return runUntilSignal(
    async (cleanups) => {
      cleanups.push(closeDatabase);
      await listen("start", cleanups);
    },
    { quiet: true },
  );
}

/** Provides the database, migrated and seeded, and sets `DATABASE_URL` and `AUTH_SECRET`, for child processes too.
 * `fail` is called when the embedded PostgreSQL cannot be started again. `servers` processes will use the database. */
export async function prepare(cleanups: Cleanup[], fail: Fail, servers = readSettings().processes): Promise<void> {
  await provideEngineAccount();
  await step("Database", async () => {
    const description = await provideDatabase(cleanups, fail, servers);
    cleanups.push(closeDatabase);
    return description;
  });
  await step("Migrations", async () => {
    let remark: string | null = null;
    const finish = async (client: Client) => {
      await seed();
      remark = await ensureSortOrder(client);
    };
    const applied = await retryUntilReachable(() => migrate(env().databaseUrl, finish));
    return [applied.length ? `applied ${applied.join(", ")}` : "up to date", remark].filter(Boolean).join("; ");
  });
}

async function provideDatabase(cleanups: Cleanup[], fail: Fail, servers: number): Promise<string> {
  const { databaseUrl, authSecret, dataDir, databaseConnections } = readSettings();
  if (databaseUrl) {
    await retryUntilReachable(() => tryConnection(databaseUrl));
    await retryUntilReachable(() => demandUnicode(databaseUrl));
    if (servers > 1) await retryUntilReachable(() => demandConnections(databaseUrl, servers, databaseConnections));
    return `${databaseHost(databaseUrl)} (from DATABASE_URL)`;
  }
  const connections = connectionsNeeded(servers, databaseConnections);
  const stopping = new AbortController();
  const starting = startDatabase(dataDir, { connections, onLost: fail, signal: stopping.signal });
  cleanups.push(async () => {
    stopping.abort();
    await (await starting.catch(() => null))?.stop();
  });
  const database = await starting;
  process.env.DATABASE_URL = database.url;
  process.env.AUTH_SECRET = authSecret ?? (await readOrCreateSecret(join(dataDir, "auth-secret")));
  return database.description;
}

/** Throws CannotStart for what waiting does not mend. */
async function tryConnection(databaseUrl: string): Promise<void> {
  await demandSessions(databaseUrl).catch((error) => Promise.reject(asCannotStart(error) ?? error));
}

async function open(processes: number, mode: "start" | "dev", cleanups: Cleanup[]): Promise<string> {
  const { port, jobConcurrency } = env();
  const jobs = `${jobConcurrency * processes} jobs at a time`;
  if (processes === 1) {
    await listen(mode, cleanups);
    return `listening on port ${port}, ${jobs}`;
  }
  rulesInForce();
  const workers = new Workers();
  cleanups.push(() => workers.stop());
  const ids = await workers.start(processes);
  return `${processes} processes (${ids.join(", ")}) on port ${port}, ${jobs}`;
}

async function announce(began: number): Promise<void> {
  const { baseUrl, port } = env();
  console.log(`\n  Tessera is ready after ${secondsSince(began)} s: ${baseUrl ?? `http://localhost:${port}`}\n`);
  await printFirstSignIn();
  const demo = isPackage() ? "" : ", or run the demo in another terminal: npm run demo";
  console.log(`  Next: open this URL and sign in${demo}`);
  console.log("  Press Ctrl-C to stop.\n");
}

/** Prints the first user name and password for as long as their file exists. */
export async function printFirstSignIn(): Promise<void> {
  const firstSignIn = join(env().dataDir, "first-sign-in.txt");
  if (!existsSync(firstSignIn)) return;
  const shown = relative(process.cwd(), firstSignIn);
  const text = indent(await readFile(firstSignIn, "utf8"));
  console.log(`${text}\n\n  These are saved in ${shown}. Delete the file after you have signed in.`);
}

function indent(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
