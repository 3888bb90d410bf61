import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { CannotStart, note, secondsSince } from "./steps";

const restartTimeoutMs = 20_000;
const retryMs = 500;

/** Starts PostgreSQL again whenever it ends, until `end` is called. `claim` is a connection that is lost then; `start`
 * returns another such one. `onLost` is called when PostgreSQL could not be started again. */
export function supervise(
  claim: Client,
  start: () => Promise<Client>,
  onLost: (error: unknown) => void,
): { end(): Promise<void> } {
  let isEnding = false;
  let current: Client | null = null;
  let restarting = Promise.resolve();
  const watch = (client: Client) => {
    current = client;
    client.once("end", () => {
      current = null;
      if (!isEnding) restarting = restart();
    });
  };
  const restart = async () => {
    const began = performance.now();
    note("Database", "PostgreSQL ended or crashed, restarting it");
    try {
      const client = await startAgain(start, () => isEnding);
      if (!client) return;
      watch(client);
      note("Database", `PostgreSQL works again after ${secondsSince(began)} s`);
    } catch (error) {
      onLost(error);
    }
  };
  watch(claim);
  return {
    end: async () => {
      isEnding = true;
      await restarting;
      await current?.end();
    },
  };
}

async function startAgain(start: () => Promise<Client>, isEnding: () => boolean): Promise<Client | null> {
  for (const deadline = performance.now() + restartTimeoutMs; !isEnding(); await delay(retryMs)) {
    try {
      return await start();
    } catch (cause) {
      if (performance.now() < deadline) continue;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CannotStart(`PostgreSQL ended unexpectedly and cannot be started again. ${reason}`, { cause });
    }
  }
  return null;
}
