/** The closed list of ways to say no. The door gives each its HTTP status. */
export type RefusalCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "method-not-allowed"
  | "conflict"
  | "too-large"
  | "unsupported-media"
  | "failed"
  | "too-many"
  | "unavailable";

interface RefusalOptions {
  /** The input that is wrong, as the caller wrote it: `expiresAt`, `parameters.STATE`. */
  field?: string;
  /** Further members of the problem document, for programs. */
  extra?: Record<string, unknown>;
  /** Headers that belong to the answer: `WWW-Authenticate`, `Retry-After`, `Allow`. */
  headers?: Record<string, string>;
  /** For the log only. */
  cause?: unknown;
}

/**
 * The one error of the domain. Its message is a public sentence that tells the reader what to do next; the private cause
 * goes to the log. Anything thrown that is not a Refusal is a bug.
 */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: RefusalCode;
  readonly field: string | undefined;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;
  /** All that Next.js tells the page in the browser of what was thrown on the server. */
  readonly digest?: string;

  constructor(code: RefusalCode, detail: string, { field, extra = {}, headers = {}, cause }: RefusalOptions = {}) {
    super(detail, { cause });
    this.code = code;
    this.field = field;
    this.extra = extra;
    this.headers = headers;
    if (code === "unavailable") this.digest = code;
  }
}

/** A wrong input; `field` as the caller wrote it. */
export const invalid = (field: string, detail: string) => new Refusal("invalid", detail, { field });

/** One sentence for what does not exist and for what may not be seen: the same bytes. */
export const notFound = () => new Refusal("not-found", "There is nothing here that you may see.");

/** Visible, but not permitted: names what is missing. */
export const forbidden = (permission: string) =>
  new Refusal("forbidden", `This needs the permission ${permission}.`, { extra: { permission } });

export const conflict = (detail: string, field?: string) => new Refusal("conflict", detail, { field });

export type CredentialFault = "missing" | "invalid" | "expired" | "disabled";

/**
 * No valid credential. RFC 6750 section 3: `WWW-Authenticate` names the fault; `expired` and `disabled` only for whoever
 * presented the right value.
 */
export function unauthenticated(fault: CredentialFault): Refusal {
  const challenge = fault === "missing" ? "" : `, error="invalid_token", error_description="${faultSentences[fault]}"`;
  return makeWithoutStack(() => {
    return new Refusal("unauthenticated", faultSentences[fault], {
      extra: { fault },
      headers: { "WWW-Authenticate": `Bearer realm="Tessera"${challenge}` },
    });
  });
}

/** To find out where it was made would cost more than the rest of an answer to junk, of which there may be floods. */
function makeWithoutStack(make: () => Refusal): Refusal {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const faultSentences: Record<CredentialFault, string> = {
  missing: "Send a token as Authorization: Bearer <value>, or sign in.",
  invalid: "This token is not valid.",
  expired: "This token has expired.",
  disabled: "This token is disabled.",
};
