import { setTimeout as delay } from "node:timers/promises";
import { CannotStart, note, secondsSince } from "./steps";

const restartTimeoutMs = 20_000;
const retryMs = 500;
/** PostgreSQL may end so often, each time sooner than `stableMs` after its restart. */
const quickEndsMax = 6;

/** A connection that is lost when PostgreSQL ends. */
interface Claim {
  once(event: "end", listener: () => void): unknown;
  end(): Promise<void>;
}

/** Starts PostgreSQL again whenever it ends, until `end` is called. `start` returns another claim, and throws once its
 * signal is aborted. The first restart is immediate; while PostgreSQL ends again soon, the pause before the next doubles.
 * `onLost` is called when PostgreSQL could not be started again, or ended too often. */
export function supervise(
  claim: Claim,
  start: (signal: AbortSignal) => Promise<Claim>,
  onLost: (error: unknown) => void,
  { stableMs = 60_000, pauseMs = 1_000 } = {},
): { end(): Promise<void> } {
  const ending = new AbortController();
  let current: Claim | null = null;
  let restarting = Promise.resolve();
  let quickEnds = 0;
  const watch = (watched: Claim) => {
    const began = performance.now();
    current = watched;
    watched.once("end", () => {
      current = null;
      quickEnds = performance.now() - began < stableMs ? quickEnds + 1 : 1;
      if (!ending.signal.aborted) restarting = restart();
    });
  };
  const restart = async () => {
    const began = performance.now();
    note("Database", "PostgreSQL ended or crashed, restarting it");
    try {
      if (quickEnds > quickEndsMax) {
        throw new CannotStart(`PostgreSQL ended ${quickEnds} times, each time soon after its start. See its log.`);
      }
      if (quickEnds > 1) await delay(pauseMs * 2 ** (quickEnds - 2), null, { signal: ending.signal });
      watch(await startAgain(start, ending.signal));
      note("Database", `PostgreSQL works again after ${secondsSince(began)} s`);
    } catch (error) {
      if (!ending.signal.aborted) onLost(error);
    }
  };
  watch(claim);
  return {
    end: async () => {
      ending.abort();
      await restarting;
      await current?.end();
    },
  };
}

/** The time limit begins with the first failure, since one start may wait for a long recovery. */
async function startAgain(start: (signal: AbortSignal) => Promise<Claim>, signal: AbortSignal): Promise<Claim> {
  for (let deadline: number | null = null; ; await delay(retryMs, null, { signal })) {
    try {
      return await start(signal);
    } catch (cause) {
      signal.throwIfAborted();
      deadline ??= performance.now() + restartTimeoutMs;
      if (performance.now() < deadline) continue;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CannotStart(`PostgreSQL ended unexpectedly and cannot be started again. ${reason}`, { cause });
    }
  }
}
