export type RefusalCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "method-not-allowed"
  | "conflict"
  | "precondition-failed"
  | "too-large"
  | "no-such-range"
  | "unsupported-media"
  | "failed"
  | "too-many"
  | "unavailable";

interface RefusalOptions {
  /** The wrong input by the caller's name for it: `expiresAt`, `parameters.STATE`. */
  field?: string;
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** The domain throws only this; any other error is a bug. The message is public, the cause goes to the log alone. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: RefusalCode;
  readonly field: string | undefined;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;
  /** The only property that Next.js passes on to the error page in the browser. */
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

export const invalid = (field: string, detail: string, extra?: Record<string, unknown>) =>
  new Refusal("invalid", detail, { field, extra });

/** It has the same bytes for what does not exist and for what the caller may not see. */
export const notFound = () => new Refusal("not-found", "Not found, or you don't have access.");

/** It is only for something that the caller may see, because it names the missing permission. */
export const forbidden = (permission: string) =>
  new Refusal("forbidden", `This requires the permission ${permission}.`, { extra: { permission } });

export const conflict = (detail: string, field?: string) => new Refusal("conflict", detail, { field });

export type CredentialFault = "missing" | "invalid" | "expired" | "disabled";

/** RFC 6750 section 3. `expired` and `disabled` are only for callers who presented the value of an existing token. */
export function unauthenticated(fault: CredentialFault): Refusal {
  const challenge = fault === "missing" ? "" : `, error="invalid_token", error_description="${faultSentences[fault]}"`;
  return makeWithoutStack(() => {
    return new Refusal("unauthenticated", faultSentences[fault], {
      extra: { fault },
      headers: { "WWW-Authenticate": `Bearer realm="Tessera"${challenge}` },
    });
  });
}

/** Capturing a stack trace would be most of the cost of refusing an invalid token. */
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
