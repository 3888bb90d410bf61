import { AsyncLocalStorage } from "node:async_hooks";
import { Refusal } from "./errors";
import { perProcess } from "./per-process";

/** Whether the database cannot be used now, however the driver or Prisma wraps the error. It is answered 503. */
export function isOutage(error: unknown): boolean {
  return !(error instanceof Refusal) && isOutageWithin(error, 0);
}

const depthMax = 8;

function isOutageWithin(error: unknown, depth: number): boolean {
  if (typeof error !== "object" || error === null || depth > depthMax) return false;
  const { code, originalCode, errorCode, syscall, kind, message, meta, cause, errors } = error as ErrorParts;
  if ([code, originalCode, errorCode].some((each) => isOutageCode(each, syscall))) return true;
  if (kind !== undefined && outageKinds.has(kind)) return true;
  if (typeof message === "string" && outageMessages.test(message)) return true;
  const inner = [cause, meta?.driverAdapterError, ...(Array.isArray(errors) ? errors : [])];
  return inner.some((each) => isOutageWithin(each, depth + 1));
}

interface ErrorParts {
  /** It is of Node (`ECONNRESET`), an SQLSTATE, or of Prisma. The driver adapter has `originalCode` and `kind`. */
  code?: unknown;
  originalCode?: unknown;
  errorCode?: unknown;
  syscall?: unknown;
  kind?: unknown;
  message?: unknown;
  meta?: { driverAdapterError?: unknown };
  cause?: unknown;
  /** Of an AggregateError: one per address of a host. */
  errors?: unknown;
}

function isOutageCode(code: unknown, syscall: unknown): boolean {
  if (typeof code !== "string") return false;
  if (outageCodes.has(code) || sqlStates.test(code)) return true;
  return socketFileCodes.has(code) && syscall === "connect";
}

/** SQLSTATEs (PostgreSQL's appendix A): 08 connection, 53 resources, 57 operator, 58 system, XX damaged data, 25006
 * read-only, 25P03 and 25P04 slow transactions, 55P03 a slow lock, 28 and 3D a changed role or database. */
const sqlStates = /^(?:08|53|57|58|28)[0-9A-Z]{3}$|^(?:25006|25P03|25P04|55P03|3D000|XX001|XX002)$/;

const outageCodes = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN"],
  ...["ENETDOWN", "ENOTFOUND", "EAI_AGAIN", "EADDRNOTAVAIL"],
  ...["CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ...["P1000", "P1001", "P1002", "P1003", "P1008", "P1010", "P1011", "P1017", "P1018", "P2024", "P2028", "P2037"],
]);

/** Errors of a connection over a socket file; elsewhere these codes are about files. */
const socketFileCodes = new Set(["ENOENT", "EACCES"]);

const outageKinds = new Set<unknown>([
  ...["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout", "TooManyConnections", "TlsConnectionError"],
  ...["AuthenticationFailed", "DatabaseDoesNotExist", "DatabaseAccessDenied", "TransactionAlreadyClosed"],
]);

/** Errors of `pg` and `pg-pool` that have no code. */
const outageMessages =
  /^(?:timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated\b.*|Client (?:has encountered a connection error|was closed) and is not queryable|The server does not support SSL connections|There was an error establishing an SSL connection|Cannot use a pool after calling end on the pool)$/;

export interface OutageNote {
  isOut: boolean;
}

const notes = perProcess("outage notes", () => new AsyncLocalStorage<OutageNote>())();

/** An outage that is marked during the work of one request is noted. */
export function withOutageNote<T>(note: OutageNote, work: () => T): T {
  return notes.run(note, work);
}

/** Marks and notes an outage. Returns the error. Next.js passes only the digest on to the browser. */
export function markOutage<E>(error: E): E {
  const isUnavailable = error instanceof Refusal && error.code === "unavailable";
  if (!isUnavailable && !isOutage(error)) return error;
  const note = notes.getStore();
  if (note) note.isOut = true;
  if (error instanceof Error && !isUnavailable) Object.assign(error, { digest: "unavailable" });
  return error;
}
