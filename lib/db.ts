import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { isUnsent, openPool } from "./connections";
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
  // An empty name is that of a statement which is not kept.
  const statementNameGenerator = ({ sql }: { sql: string }) => statementNames.get(sql) ?? "";
  const client = new PrismaClient({ adapter: new PrismaPg(pool(), { statementNameGenerator }) });
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
  (statement, { isPrepared = true } = {}) => {
    if (isPrepared) prepare(statement.text);
    return tx.$queryRaw(statement);
  };

/** Runs a statement that changes nothing. */
export const read: Run = (statement, options) => runIn(db)(statement, options);

/** Runs work that changes something in one statement, which is a transaction by itself. It waits, is repeated and is
 * refused like {@link inTransaction}. */
export function inOneStatement<T>(work: (write: Run) => Promise<T>): Promise<T> {
  return changesLine()(() => retryAfterRollback(() => work(write)));
}

const write: Run = (statement) =>
  runIn(db)<never>(statement).catch((error) => {
    throw isOutage(error) && mayBeCommitted(error) ? markOutage(outcomeUnknown(error)) : error;
  });

/** PostgreSQL has rolled back what it refuses. When it ends the connection (57P and 08), that can be after the commit. */
function mayBeCommitted(error: unknown): boolean {
  const state = sqlStateOf(error);
  return !isUnsent(error) && (state === null || /^(?:57P|08)/.test(state));
}

const statementNames = perProcess("statement names", () => new Map<string, string>())();
/** Each connection keeps the plans of all of them. */
const preparedMax = 100;

/** Gives a statement the name under which each connection prepares it, unless there are very many different ones. */
function prepare(text: string): void {
  if (statementNames.has(text) || statementNames.size === preparedMax) return;
  statementNames.set(text, `tessera-${statementNames.size}`);
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

/** Prisma has codes of its own for what its models do. */
const isViolation = (error: unknown, prismaCode: string, sqlState: string): boolean =>
  error instanceof Error && (Reflect.get(error, "code") === prismaCode || sqlStateOf(error) === sqlState);

/** The SQLSTATE with which PostgreSQL refused a statement of `$queryRaw`, if it did. */
function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  const { driverAdapterError } = (error.meta ?? {}) as { driverAdapterError?: { cause?: { originalCode?: unknown } } };
  const state = driverAdapterError?.cause?.originalCode;
  return typeof state === "string" ? state : null;
}

/** Whether a row that the change needs was removed at the same time: the one it refers to, or the one it updates. */
export function isRemovedMeanwhile(error: unknown): boolean {
  const isGone = error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2025";
  return isGone || isForeignKeyViolation(error);
}
