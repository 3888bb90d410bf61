import { expect, test } from "vitest";
import { Refusal } from "./errors";
import { isOutage } from "./outage";

/** An error with these properties. */
const failure = (message: string, parts: object = {}) => Object.assign(new Error(message), parts);

const postgres = (code: string) => failure("the words of PostgreSQL", { code, severity: "FATAL" });

/** As the driver adapter and Prisma's client wrap it. */
const wrapped = (parts: object, code = "P2010") => {
  const adapter = Object.assign(failure("adapter", { cause: parts }), { name: "DriverAdapterError" });
  return failure("Raw query failed.", { code, meta: { driverAdapterError: adapter } });
};

test.each<[string, unknown]>([
  ["57P01, ended by its administrator", postgres("57P01")],
  ["57P02, the crash of another backend", postgres("57P02")],
  ["57P03, starting or stopping", postgres("57P03")],
  ["57P05, an idle session", postgres("57P05")],
  ["57014, a statement that took too long", postgres("57014")],
  ["08006, a lost connection", postgres("08006")],
  ["08P01, of a pooler", postgres("08P01")],
  ["53100, a full disk", postgres("53100")],
  ["53200, no memory", postgres("53200")],
  ["53300, too many connections", postgres("53300")],
  ["58030, a disk that fails", postgres("58030")],
  ["58P01, a file that is gone", postgres("58P01")],
  ["25006, a standby or a read-only server", postgres("25006")],
  ["25P03, an idle transaction", postgres("25P03")],
  ["55P03, a lock that took too long", postgres("55P03")],
  ["28P01, a password that was changed", postgres("28P01")],
  ["3D000, a database that was dropped", postgres("3D000")],
  ["XX001, damaged data", postgres("XX001")],
  ["a refused connection", failure("connect ECONNREFUSED", { code: "ECONNREFUSED", syscall: "connect" })],
  ["a refused connection to each address of a name", new AggregateError([failure("", { code: "ECONNREFUSED" })], "")],
  ["a reset connection", failure("read ECONNRESET", { code: "ECONNRESET" })],
  ["a broken pipe", failure("write EPIPE", { code: "EPIPE" })],
  ["a network that is unreachable", failure("", { code: "ENETUNREACH" })],
  ["a host without a route", failure("", { code: "EHOSTUNREACH" })],
  ["a host that takes too long", failure("", { code: "ETIMEDOUT" })],
  ["a name that is unknown", failure("getaddrinfo ENOTFOUND", { code: "ENOTFOUND" })],
  ["a name server that is away", failure("getaddrinfo EAI_AGAIN", { code: "EAI_AGAIN" })],
  ["a socket file that is gone", failure("connect ENOENT", { code: "ENOENT", syscall: "connect" })],
  ["a certificate that has expired", failure("certificate has expired", { code: "CERT_HAS_EXPIRED" })],
  ["a pool without a free connection", failure("timeout exceeded when trying to connect")],
  ["a connection that is not answered", failure("timeout expired")],
  ["a connection that is not answered, in a pool", failure("Connection terminated due to connection timeout")],
  ["a query that is not answered", failure("Query read timeout")],
  ["a connection that ends in a query", failure("Connection terminated unexpectedly")],
  ["a connection that is cut", failure("Connection terminated")],
  ["a lost connection", failure("Client has encountered a connection error and is not queryable")],
  ["a closed connection", failure("Client was closed and is not queryable")],
  ...["P1000", "P1001", "P1002", "P1003", "P1008", "P1010", "P1011", "P1017", "P2024", "P2028", "P2037"].map(
    (code): [string, unknown] => [`Prisma's ${code}`, failure("Prisma's words", { code })],
  ),
  ["Prisma's initialization", failure("Prisma's words", { errorCode: "P1001" })],
  ["a full disk in Prisma's P2010", wrapped({ kind: "postgres", code: "53100", originalCode: "53100" })],
  ["a full disk in Prisma's P2039", wrapped({ kind: "postgres", code: "53100", originalCode: "53100" }, "P2039")],
  ["a standby in Prisma's P2010", wrapped({ kind: "postgres", originalCode: "25006" })],
  ["a lost connection in Prisma's P2010", wrapped({ kind: "ConnectionClosed" })],
  ["too many connections in Prisma's P2010", wrapped({ kind: "TooManyConnections", cause: "sorry" })],
  ["any of them as a cause", failure("a step failed", { cause: failure("another", { cause: postgres("57P01") }) })],
])("%s is an outage", (_, error) => {
  expect(isOutage(error)).toBe(true);
});

test.each<[string, unknown]>([
  ["a violated constraint", postgres("23505")],
  ["an unknown column", postgres("42703")],
  ["a missing permission", postgres("42501")],
  ["a division by zero in Prisma's P2010", wrapped({ kind: "postgres", originalCode: "22012" })],
  ["a violated constraint of Prisma", failure("Unique constraint failed", { code: "P2002" })],
  ["a file that is not there", failure("ENOENT: no such file", { code: "ENOENT", syscall: "open" })],
  ["a bug", new TypeError("x is not a function")],
  ["words of a user", failure("Name: Connection terminated, timeout expired")],
  ["a refusal, whatever its cause", new Refusal("invalid", "Not so.", { cause: postgres("57P01") })],
  ["no error", undefined],
  ["a text", "ECONNREFUSED"],
])("%s is no outage", (_, error) => {
  expect(isOutage(error)).toBe(false);
});

test("an error that is its own cause is no outage, and ends", () => {
  const error = new Error("round");
  error.cause = error;
  expect(isOutage(error)).toBe(false);
});
