import { setTimeout as delay } from "node:timers/promises";
import type { Load, Measured } from "./load";
import type { LoadGenerator } from "./load-generator";
import { postgresCpu } from "./postgres-cpu";
import type { Row } from "./row";
import { connections, type Sizes } from "./sizes";
import type { Server } from "./start-server";

/** A server and request that are measured in turn with others. */
export interface Contender extends Omit<Load, "port" | "seconds" | "connections"> {
  title: string;
  server: Server;
  /** The status that every answer must have. */
  status: number;
  connections?: number;
  note?: string;
  /** The time after a run in which the server completes work of the run, such as writing last uses. It counts as cost. */
  settleMs?: number;
}

/** One run of one contender, with the processor time in microseconds per request. */
interface Run extends Measured {
  cpu: number;
  databaseCpu: number | null;
}

/**
 * Measures all contenders in turn, in several rounds, so that changes in the speed of the machine affect all of them alike.
 * Returns one row per contender, with the medians.
 *
 * @throws Error when an answer has another status than it should, since its speed would then mean nothing.
 */
export async function measureInTurn(generator: LoadGenerator, contenders: Contender[], sizes: Sizes): Promise<Row[]> {
  const runs = new Map<Contender, Run[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await run(generator, contender, sizes.warmUpSeconds);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const contender of contenders) runs.get(contender)?.push(await run(generator, contender, sizes.seconds));
  }
  return contenders.map((contender) => rowOf(contender, runs.get(contender) ?? []));
}

async function run(generator: LoadGenerator, contender: Contender, seconds: number): Promise<Run> {
  const { server, settleMs = 0, ...load } = contender;
  const before = await readUsage(server);
  const measured = await generator.measure({ connections, ...load, port: server.port, seconds });
  await delay(settleMs);
  const after = await readUsage(server);
  demandStatus(contender, measured.statuses);
  const per = (used: number) => used / measured.requests;
  return {
    ...measured,
    cpu: per(after.cpu - before.cpu),
    databaseCpu: after.database === null || before.database === null ? null : per(after.database - before.database),
  };
}

/** @throws Error when an answer has another status than it should. */
export function demandStatus({ title, server, status }: Contender, statuses: Measured["statuses"]): void {
  const wrong = Object.keys(statuses).find((each) => each !== String(status));
  if (wrong === undefined) return;
  throw new Error(
    `${title} answered ${wrong} instead of ${status}. The end of what it printed:\n${server.printed().slice(-600)}`,
  );
}

async function readUsage(server: Server) {
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

export function median(figures: number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

/** Adds to each row its throughput as a share of that of plain `node:http`. */
export function withShareOf(plain: Row, rows: Row[]): Row[] {
  const limit = plain.perSecond ?? Number.NaN;
  return rows.map((row) => (row.perSecond === undefined ? row : { ...row, ofRaw: row.perSecond / limit }));
}
