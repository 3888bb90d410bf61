import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { serverArguments } from "@/lib/server/compile.mjs";
import { freePort } from "@/lib/server/database";
import { type Ending, endGroup, startGroup, waitForEnd } from "./bounded";
import { throwawayDatabase } from "./throwaway-database";

/** A server as `npm start` runs it, with its own database, port and folder. */
export type TestedServer = {
  /** For the tests: BASE_URL, DATABASE_URL, AUTH_SECRET, TESSERA_ADMIN_PASSWORD, SERVER_LOG. */
  environment: Record<string, string>;
  /** The files of the database and of the server. */
  folder: string;
  /** Stops the server as an operator would. */
  stop(): Promise<Ending>;
  /** Stops the database and removes the folder. */
  discard(): Promise<void>;
};

/**
 * Starts a server from the production build and waits until it is ready.
 *
 * @param packaged a folder that `npm run package` made; by default the server of this folder is started.
 */
export async function testedServer(packaged?: string): Promise<TestedServer> {
  const database = await throwawayDatabase();
  const port = String(await freePort(0));
  const settings = {
    PORT: port,
    DATABASE_URL: database.url,
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    TESSERA_ADMIN_PASSWORD: randomBytes(18).toString("base64url"),
    TESSERA_DATA_DIR: database.folder,
  };
  const log = join(database.folder, "server.log");
  try {
    const { origin, stop } = await startServer(settings, log, packaged);
    return {
      environment: { ...settings, BASE_URL: origin, SERVER_LOG: log },
      folder: database.folder,
      stop,
      discard: database.stop,
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** A server process. */
export type ServerProcess = {
  origin: string;
  /** Stops it as an operator would. */
  stop(): Promise<Ending>;
  /** Kills it and its children, as a power cut would. */
  kill(): Promise<Ending>;
  /** How it ends. */
  ended: Promise<Ending>;
};

/**
 * Starts the production build as `npm start` does, and waits until it is ready.
 *
 * @param settings additions to its environment, including `PORT`.
 * @param log the file to which its output is appended.
 * @param packaged a folder that `npm run package` made.
 */
export async function startServer(
  settings: Record<string, string>,
  log: string,
  packaged?: string,
): Promise<ServerProcess> {
  const output = openSync(log, "a");
  const environment = { ...settings, NODE_ENV: "production" };
  const child = startGroup(
    packaged ? await startArguments(packaged) : serverArguments(),
    environment,
    output,
    packaged,
  );
  closeSync(output);
  const ending = waitForEnd(child, 15, false);
  const end = (signal: NodeJS.Signals) => {
    endGroup(child, signal);
    return ending;
  };
  const server = {
    origin: `http://localhost:${settings.PORT}`,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    ended: ending,
  };
  if (await waitUntilReady(server.origin, ending)) return server;
  await server.stop();
  throw new Error(`The server did not become ready. It printed:\n${await readFile(log, "utf8")}`);
}

/** The arguments for Node of the package's `npm start`. */
async function startArguments(packaged: string): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(packaged, "package.json"), "utf8"));
  return scripts.start.split(" ").slice(1);
}

async function waitUntilReady(origin: string, ending: Promise<Ending>): Promise<boolean> {
  let isOver = false;
  ending.then(() => {
    isOver = true;
  });
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && !isOver; await delay(200)) {
    const answer = await fetch(`${origin}/health/ready`).catch(() => null);
    if (answer?.ok) return true;
  }
  return false;
}
