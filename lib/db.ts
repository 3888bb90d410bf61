import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { openPool } from "./connections";
import { env } from "./env";
import { Refusal } from "./errors";
import { Prisma, PrismaClient } from "./generated/prisma/client";
import { isOutage, markOutage } from "./outage";
import { perProcess } from "./per-process";
import { createWaitingLine } from "./waiting-line";

export const pool = perProcess("pool", openPool);

/** The Prisma client of this process. It keeps the pool that it was opened with. */
export const prisma = perProcess("prisma", openPrisma);

function openPrisma(): PrismaClient {
  const client = new PrismaClient({ adapter: new PrismaPg(pool()) });
  const marked = client.$extends({
    query: { $allOperations: ({ args, query }) => query(args).catch((error) => Promise.reject(markOutage(error))) },
  });
  return marked as unknown as PrismaClient;
}

export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get: (_, property) => Reflect.get(prisma(), property, prisma()),
});

/** The time of the database, by which the state of a token is decided. */
export async function databaseNow(): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!row) throw new Error("The database does not tell the time.");
  return row.now;
}

export type Tx = Prisma.TransactionClient;

/** Runs one statement and answers its rows. One that is prepared keeps its plan, whatever its values are. */
export type Run = <Row>(statement: Prisma.Sql, options?: { isPrepared?: boolean }) => Promise<Row[]>;

/** The statements of a transaction. */
export const runIn =
  (tx: Tx): Run =>
  (statement) =>
    tx.$queryRaw(statement);

/** Runs a statement that changes nothing, prepared and without Prisma (decision 1808). */
export const read: Run = (statement, options) => runAlone(statement, (error) => error, options);

/** Runs work that changes something in one statement, which is a transaction by itself. It waits, is repeated and is
 * refused like {@link inTransaction}. */
export function inOneStatement<T>(work: (write: Run) => Promise<T>): Promise<T> {
  return changesLine()(() => retryAfterRollback(() => work(write)));
}

const write: Run = (statement) =>
  runAlone(statement, (error) => (isOutage(error) && !isRefusedBySql(error) ? outcomeUnknown(error) : error));

/** PostgreSQL has rolled back what it refuses with an error. A fatal one can come after the commit. */
const isRefusedBySql = (error: unknown) => error instanceof Error && Reflect.get(error, "severity") === "ERROR";

async function runAlone<Row>(
  { text, values }: Prisma.Sql,
  explain: (error: unknown) => unknown,
  { isPrepared = true } = {},
): Promise<Row[]> {
  const client = await pool()
    .connect()
    .catch((error) => Promise.reject(markOutage(error)));
  // A connection that breaks also fails its query.
  const ignore = () => undefined;
  client.once("error", ignore);
  let isBroken = false;
  try {
    const { rows } = await client.query({ name: isPrepared ? nameOf(text) : undefined, text, values: [...values] });
    return rows;
  } catch (error) {
    isBroken = isOutage(error);
    throw markOutage(explain(error));
  } finally {
    client.off("error", ignore);
    client.release(isBroken);
  }
}

const statementNames = perProcess("statement names", () => new Map<string, string>())();
const preparedMax = 300;

/** The name under which connections prepare a statement, or none when there are very many different ones. */
function nameOf(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size === preparedMax) return known;
  const name = `statement-${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

/** A Refusal thrown inside rolls back. After a deadlock `work` is repeated, so it must have no effect outside the
 * database. Transactions wait in a line of their own, which leaves connections for reading and verifying. Refuses
 * `unavailable` when that is full or the outcome of the commit is unknown. */
export function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return changesLine()(() => retryAfterRollback(() => runTransaction(work)));
}

async function runTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  let isCommitting = false;
  const thenCommit = async (tx: Tx) => {
    const result = await work(tx);
    isCommitting = true;
    return result;
  };
  try {
    return await db.$transaction(thenCommit, { maxWait: 2_000, timeout: 15_000 });
  } catch (error) {
    if (isCommitting && isOutage(error)) throw markOutage(outcomeUnknown(error));
    throw markOutage(error);
  }
}

const outcomeUnknown = (cause: unknown) =>
  new Refusal(
    "unavailable",
    "The database did not confirm the change. It may have happened. Check before you repeat it.",
    { headers: { "Retry-After": "2" }, cause },
  );

const changesLine = perProcess("changes", () => createWaitingLine(Math.ceil(env().databaseConnections * 0.6), 1_000));

const attemptsMax = 4;

async function retryAfterRollback<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === attemptsMax || !isRolledBack(error)) throw error;
    }
  }
}

function isRolledBack(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const codes = [Reflect.get(error, "code"), Reflect.get(error, "originalCode")];
  return (
    codes.some((code) => rollbackCodes.has(code)) || isRolledBack(error.cause) || /40P01|40001/.test(error.message)
  );
}

const rollbackCodes = new Set<unknown>(["P2034", "40P01", "40001"]);

export async function closeDatabase(): Promise<void> {
  await prisma.current()?.$disconnect();
  await pool.current()?.end();
  prisma.clear();
  pool.clear();
}

export const isUniqueViolation = (error: unknown) => isViolation(error, "P2002", "23505");

export const isForeignKeyViolation = (error: unknown) => isViolation(error, "P2003", "23503");

/** Prisma has codes of its own, and for a statement in SQL it wraps the error of PostgreSQL. */
function isViolation(error: unknown, prismaCode: string, sqlState: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, meta } = error as { code?: unknown; meta?: { driverAdapterError?: { cause?: unknown } } };
  if (code === prismaCode || code === sqlState) return true;
  const { originalCode } = (meta?.driverAdapterError?.cause ?? {}) as { originalCode?: unknown };
  return originalCode === sqlState;
}

/** Whether a row that the change needs was removed at the same time: the one it refers to, or the one it updates. */
export function isRemovedMeanwhile(error: unknown): boolean {
  const isGone = error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2025";
  return isGone || isForeignKeyViolation(error);
}
