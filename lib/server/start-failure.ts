import { isOutage } from "@/lib/outage";
import { CannotStart, isPlain, outageReason } from "./steps";

const rightsCure = "See the database role in docs/operation.md.";

/** Causes for which waiting is of no use, by SQLSTATE or code of Node, and what to do. */
const cures: [codes: RegExp, cure: string][] = [
  [/^28/, "Check the user and password in DATABASE_URL, and pg_hba.conf of the database."],
  [/^3D000$/, "Create the database, or correct its name in DATABASE_URL."],
  [/^42501$/, rightsCure],
  [/^25006$/, "Let DATABASE_URL lead to the primary."],
  [/ALTNAME/, "Use a name of its certificate as the host in DATABASE_URL, or sslmode=verify-ca."],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID|REVOKED)$/, "Renew the certificate of the database, and check the clocks."],
  [/CERT|^UNABLE_TO_|SELF_SIGNED/, "Name the authority of its certificate with sslrootcert in DATABASE_URL."],
  [/^E(NOENT|ACCES)$/, "Check the path of the socket or the certificate in DATABASE_URL."],
];

const tlsMessages = /SSL connections|SSL connection$|sslmode|sslrootcert/;
const noTlsMessage = /does not support SSL connections/;
const noTlsCure = "Turn on ssl in PostgreSQL, or set sslmode=disable in DATABASE_URL.";

/** @returns the failure of a start that the operator must correct, in one line; null when the database may come later. */
export function asCannotStart(error: unknown): CannotStart | null {
  if (!(error instanceof Error)) return null;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const cure = noTlsMessage.test(error.message) ? noTlsCure : cures.find(([codes]) => codes.test(code))?.[1];
  if (!cure && !tlsMessages.test(error.message)) return error.cause ? asCannotStart(error.cause) : null;
  const reason = outageReason(error).replace(/\.$/, "");
  const sentence = `Cannot use the database: ${reason}.`;
  return new CannotStart(cure ? `${sentence} ${cure}` : sentence, { cause: error });
}

/** Any failure of a start as one line that names its cause. In development, an error that is a bug stays whole. */
export function asStartFailure(error: unknown): unknown {
  if (isPlain(error)) return error;
  const known = isAboutFile(error) ? null : asCannotStart(error);
  if (known || isOutage(error) || process.env.NODE_ENV === "development") return known ?? error;
  const message = error instanceof Error ? error.message : String(error);
  if (/database schema is not empty/.test(message)) {
    return new CannotStart("The database has tables of another program. Name an empty one in DATABASE_URL.", {
      cause: error,
    });
  }
  const reason = causeIn(message);
  const cure = /permission denied/.test(reason) ? ` ${rightsCure}` : "";
  return new CannotStart(`The server cannot start: ${reason}.${cure}`, { cause: error });
}

/** A file of the server that is missing or may not be opened. Those of DATABASE_URL were found when it was tried first. */
function isAboutFile(error: unknown): boolean {
  const { code = "", syscall } = error as NodeJS.ErrnoException;
  return /^E(NOENT|ACCES)$/.test(code) && syscall !== "connect";
}

/** The schema engine writes its stack below the words of PostgreSQL, and Prisma's client its call above them. */
function causeIn(message: string): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  const line = lines[0]?.startsWith("Invalid `") ? lines.at(-1) : lines[0];
  return (line ?? "no reason given")
    .trim()
    .replace(/^ERROR: /, "")
    .replace(/\.$/, "");
}
