import { setTimeout as delay } from "node:timers/promises";
import type { Load, Measured } from "./load";
import type { LoadGenerator } from "./load-generator";
import { postgresCpu } from "./postgres-cpu";
import type { Row } from "./row";
import { connections, type Sizes } from "./sizes";
import type { Server } from "./start-server";

/** One of several that are measured in turn. */
export interface Contender extends Omit<Load, "port" | "seconds" | "connections"> {
  title: string;
  server: Server;
  /** The status that every answer must have. */
  status: number;
  connections?: number;
  note?: string;
  /** Milliseconds after a run in which it still does what the run asked for, such as writing down last uses. They count as its cost. */
  afterwardsMs?: number;
}

/** One run of one contender. Processor time in microseconds per request. */
interface Run extends Measured {
  cpu: number;
  databaseCpu: number | null;
}

/**
 * Puts all contenders under load, one after the other, again and again, so that a machine that grows slower does so for all of
 * them alike. Answers a row each, with the medians.
 *
 * @throws Error when one gives an answer that it should not: its speed would mean nothing.
 */
export async function inTurn(generator: LoadGenerator, contenders: Contender[], sizes: Sizes): Promise<Row[]> {
  const runs = new Map<Contender, Run[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await run(generator, contender, sizes.warmUpSeconds);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const contender of contenders) runs.get(contender)?.push(await run(generator, contender, sizes.seconds));
  }
  return contenders.map((contender) => rowOf(contender, runs.get(contender) ?? []));
}

async function run(generator: LoadGenerator, contender: Contender, seconds: number): Promise<Run> {
  const { title, server, status, note, afterwardsMs = 0, ...load } = contender;
  const before = await usedBy(server);
  const measured = await generator.measure({ connections, ...load, port: server.port, seconds });
  await delay(afterwardsMs);
  const after = await usedBy(server);
  const wrong = Object.keys(measured.statuses).find((each) => each !== String(status));
  if (wrong) {
    throw new Error(
      `${title} answered ${wrong} instead of ${status}. The end of what it printed:\n${server.printed().slice(-600)}`,
    );
  }
  const per = (used: number) => used / measured.requests;
  return {
    ...measured,
    cpu: per(after.cpu - before.cpu),
    databaseCpu: after.database === null || before.database === null ? null : per(after.database - before.database),
  };
}

async function usedBy(server: Server) {
  const [{ cpu }, database] = await Promise.all([server.usage(), postgresCpu()]);
  return { cpu, database };
}

function rowOf({ title, note }: Contender, runs: Run[]): Row {
  const of = (pick: (each: Run) => number) => median(runs.map(pick));
  const databaseCpu = of((each) => each.databaseCpu ?? Number.NaN);
  return {
    title,
    perSecond: of((each) => each.perSecond),
    p50: of((each) => each.p50),
    p99: of((each) => each.p99),
    cpu: of((each) => each.cpu),
    ...(Number.isNaN(databaseCpu) ? {} : { databaseCpu }),
    ...(note ? { note } : {}),
    runs,
  };
}

/** The middle one. */
export function median(figures: number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

/** The rows, each with what share of the first one it reaches. */
export function beside(raw: Row, rows: Row[]): Row[] {
  const limit = raw.perSecond ?? Number.NaN;
  return rows.map((row) => ({ ...row, ofRaw: (row.perSecond ?? Number.NaN) / limit }));
}
