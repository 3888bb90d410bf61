import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { env } from "./env";
import { Refusal } from "./errors";
import { Prisma, PrismaClient } from "./generated/prisma/client";
import { log } from "./log";
import { perProcess } from "./per-process";
import { createWaitingLine } from "./waiting-line";

export const pool = perProcess("pool", openPool);

function openPool(): Pool {
  const opened = new Pool({
    connectionString: env().databaseUrl,
    max: env().databaseConnections,
    connectionTimeoutMillis: 2_000,
    // Prisma writes times without an offset, so the connection must be in UTC.
    onConnect: (client) => client.query("SET TIME ZONE 'UTC'"),
  });
  opened.on("error", (error) => log.warn({ err: error }, "an idle database connection was lost"));
  return opened;
}

export const prisma = perProcess("prisma", () => new PrismaClient({ adapter: new PrismaPg(pool()) }));

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

/** Runs `work` in one transaction, and again after a deadlock, so it must have no effect outside the database.
 * Transactions wait in their own line, which leaves connections for reading. Refuses `unavailable` when it is full. */
export function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return changesLine()(() => retryAfterRollback(() => db.$transaction(work, { maxWait: 2_000, timeout: 15_000 })));
}

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

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";
}

/** Whether a row that the change needs was removed at the same time: the one it refers to, or the one it updates. */
export function isRemovedMeanwhile(error: unknown): boolean {
  const isGone = error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2025";
  return isGone || isForeignKeyViolation(error);
}

/** Whether the error says that the database cannot be reached. Such a request is answered 503. */
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
