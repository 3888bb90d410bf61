import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { env } from "./env";
import { Refusal } from "./errors";
import { Prisma, PrismaClient } from "./generated/prisma/client";
import { log } from "./log";
import { perProcess } from "./per-process";
import { createWaitingLine } from "./waiting-line";

/** The pool of this process. It waits 2 s for a connection, then throws. */
export const pool = perProcess("pool", openPool);

function openPool(): Pool {
  const opened = new Pool({
    connectionString: env().databaseUrl,
    max: env().databaseConnections,
    connectionTimeoutMillis: 2_000,
    // Prisma writes times without their offset: in a connection of another zone they would be other moments.
    onConnect: (client) => client.query("SET TIME ZONE 'UTC'"),
  });
  opened.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));
  return opened;
}

/** The Prisma client of this process. It keeps the pool that it was opened with. */
export const prisma = perProcess("prisma", () => new PrismaClient({ adapter: new PrismaPg(pool()) }));

/** Prisma over the shared pool, opened at first use. */
export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get: (_, property) => Reflect.get(prisma(), property, prisma()),
});

/** The database's time, by which tokens are judged. For those who ask without one. */
export async function databaseNow(): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!row) throw new Error("The database does not tell the time.");
  return row.now;
}

/** A client inside a transaction. */
export type Tx = Prisma.TransactionClient;

/**
 * All of it or nothing. A Refusal thrown inside undoes everything and travels on; a deadlock begins it anew, so that the work
 * must do nothing but ask the database. A flood of changes waits in line, so that
 * it leaves connections for reading and verifying and is not taken for an outage.
 */
export function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return changesLine()(() => retryAfterRollback(() => db.$transaction(work, { maxWait: 2_000, timeout: 15_000 })));
}

const changesLine = perProcess("changes", () => createWaitingLine(Math.ceil(env().databaseConnections * 0.6), 1_000));

const attemptsMax = 4;

/** Of two transactions that wait for each other PostgreSQL undoes one; the other is soon through, so that one begins anew. */
async function retryAfterRollback<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === attemptsMax || !isRolledBack(error)) throw error;
    }
  }
}

/** Undone as a whole because of others, through no fault of its own: a deadlock, or a change that came in between. */
function isRolledBack(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const codes = [Reflect.get(error, "code"), Reflect.get(error, "originalCode")];
  return (
    codes.some((code) => rollbackCodes.has(code)) || isRolledBack(error.cause) || /40P01|40001/.test(error.message)
  );
}

const rollbackCodes = new Set<unknown>(["P2034", "40P01", "40001"]);

/** Closes the pool: the last act of a process, and of a test file. */
export async function closeDatabase(): Promise<void> {
  await prisma.current()?.$disconnect();
  await pool.current()?.end();
  prisma.clear();
  pool.clear();
}

/** Is this the database saying that a unique rule was broken? */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

/** Is this the database saying that what a row refers to is not there? */
export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";
}

/** Is this the database being out of reach, rather than an answer of it? Such a request is answered 503. */
export function isOutage(error: unknown): boolean {
  if (error instanceof Refusal || !(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (
    outageCodes.has(code) ||
    code.startsWith("08") ||
    /timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|is not queryable|Unable to start a transaction/i.test(
      error.message,
    ) ||
    (error.cause !== undefined && isOutage(error.cause))
  );
}

const outageCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
]);
