import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import next from "next";
import { Client } from "pg";
import { closeDatabase, isOutage } from "@/lib/db";
import { env, readSettings } from "@/lib/env";
import { startJobs } from "@/lib/jobs/worker";
import { startUsage, stopUsage } from "@/lib/verification/usage";
import { seed } from "@/prisma/seed";
import { ensureBuilt } from "./build";
import { freePort, keptSecret, startDatabase } from "./database";
import { frontDoor } from "./front-door";
import { migrate } from "./migrate";
import { CannotStart, printFailure, secondsSince, step } from "./steps";

type Undo = () => Promise<unknown>;

/** Longer than the requests in flight, the workers and PostgreSQL are given together. */
const stopPatienceMs = 45_000;
const databasePatienceMs = 30_000;

/**
 * Brings the server up, step by step, and takes it down in the reverse order at a signal, at a failure, or when the
 * process that started it is gone.
 *
 * @param mode `start` serves a production build; `dev` compiles pages as they are asked for and reloads them.
 */
export async function serve(mode: "start" | "dev"): Promise<void> {
  const began = performance.now();
  const undo: Undo[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (code: number, reason?: string) => {
    stopping ??= takeDown(undo, reason).then((isClean) => process.exit(isClean ? code : 1));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(0, signal));
  process.on("disconnect", () => stop(0, "the process that started it is gone"));

  try {
    await bringUp(mode, undo);
    if (!stopping) await announce(began);
  } catch (error) {
    if (!stopping) printFailure(error);
    stop(1);
  }
}

/** Each thing that was started says in `undo` how to stop it. */
async function bringUp(mode: "start" | "dev", undo: Undo[]): Promise<void> {
  const { port } = readSettings();
  if (!(await freePort(port))) throw portTaken(port);

  await step("Database", async () => {
    const description = await provideDatabase(undo);
    undo.push(closeDatabase);
    return description;
  });
  await step("Migrations", async () => {
    const applied = await migrate(env().databaseUrl, seed);
    return applied.length ? `applied ${applied.join(", ")}` : "up to date";
  });
  if (mode === "start") await step("Pages", ensureBuilt);

  const app = next({ dev: mode === "dev", port, hostname: "localhost" });
  const { server, stop } = frontDoor((request, response) => app.getRequestHandler()(request, response));
  await step("Server", async () => {
    startUsage();
    undo.push(stopUsage);
    const jobs = await patiently(startJobs);
    undo.push(() => jobs.stop());
    await app.prepare();
    undo.push(() => app.close());
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "EADDRINUSE" ? portTaken(port) : error),
      );
      server.listen(port, resolve);
    });
    undo.push(stop);
    return `listening on port ${port}, ${env().jobConcurrency} jobs at a time`;
  });
}

/** The database of DATABASE_URL, or one of our own with a secret of our own. */
async function provideDatabase(undo: Undo[]): Promise<string> {
  const { databaseUrl, authSecret, dataDir } = readSettings();
  if (databaseUrl) {
    await patiently(() => tryConnection(databaseUrl));
    return `${new URL(databaseUrl).host}, as DATABASE_URL says`;
  }
  const database = await startDatabase(dataDir);
  undo.push(() => database.stop());
  process.env.DATABASE_URL = database.url;
  process.env.AUTH_SECRET = authSecret ?? (await keptSecret(join(dataDir, "auth-secret")));
  return database.description;
}

async function tryConnection(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    await client.end();
  } catch (cause) {
    if (isOutage(cause)) throw cause;
    throw new CannotStart(`The database of DATABASE_URL cannot be used: ${(cause as Error).message}`, { cause });
  }
}

/** A database may come up after this server does, or be out of breath for a moment. */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + databasePatienceMs; ; await delay(500)) {
    try {
      return await act();
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      if (Date.now() > deadline) {
        const reason = (cause as Error).message || (cause as NodeJS.ErrnoException).code;
        throw new CannotStart(`The database does not answer: ${reason}`, { cause });
      }
    }
  }
}

async function announce(began: number): Promise<void> {
  const { baseUrl, port, dataDir } = env();
  const firstSignIn = join(dataDir, "first-sign-in.txt");
  console.log(`\n  Tessera is ready after ${secondsSince(began)} s: ${baseUrl ?? `http://localhost:${port}`}\n`);
  if (existsSync(firstSignIn)) {
    const shown = relative(process.cwd(), firstSignIn);
    console.log(
      `${indented(await readFile(firstSignIn, "utf8"))}\n\n  This is kept in ${shown}; delete it once you have signed in.`,
    );
  }
  console.log("  Next: open that address and sign in, or see the whole story in another terminal: npm run demo");
  console.log("  Ctrl-C stops everything.\n");
}

async function takeDown(undo: Undo[], reason?: string): Promise<boolean> {
  if (reason) console.log(`\n  Stopping (${reason}): requests and jobs in flight finish first …`);
  const giveUp = setTimeout(() => process.exit(1), stopPatienceMs);
  let isClean = true;
  for (const act of undo.reverse()) {
    await act().catch((error) => {
      isClean = false;
      printFailure(error);
    });
  }
  clearTimeout(giveUp);
  if (reason) console.log("  Stopped.\n");
  return isClean;
}

function portTaken(port: number): CannotStart {
  return new CannotStart(
    `Port ${port} is taken by another program; stop it, or choose another: PORT=${port + 1} npm start`,
  );
}

function indented(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
