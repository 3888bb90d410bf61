import type { RefusalCode } from "../errors";

/** Why a request failed, before a dialect writes the answer. */
export interface Problem {
  /** `internal` is a bug of the server. */
  code: RefusalCode | "internal";
  /** A public sentence that says what to do next. */
  detail: string;
  /** The input that is wrong, as the caller wrote it. */
  field?: string;
  /** Further members for programs. */
  extra?: Record<string, unknown>;
  /** Headers that belong to the answer, such as `Retry-After`. */
  headers?: Record<string, string>;
  /** The user, once the request was authenticated. */
  userName?: string;
}

/** A problem as a dialect writes it. `body` is sent as JSON. */
export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: object;
}

/**
 * What differs between REST APIs that share {@link endpoint}. Permissions, input and output of an operation do not depend on the
 * dialect.
 */
export interface Dialect {
  /** Writes a refusal or an internal error. */
  refuse(problem: Problem): ProblemAnswer;
  /** What happens to query parameters and top-level body fields that the operation does not name. */
  unknownFields: "refused" | "ignored";
}

/** Status and title of each problem in `/api/v1`, with which the API page explains them. */
export const problems: Record<RefusalCode, { status: number; title: string }> = {
  invalid: { status: 400, title: "Invalid request" },
  unauthenticated: { status: 401, title: "Authentication required" },
  forbidden: { status: 403, title: "Permission denied" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "Conflict" },
  "too-large": { status: 413, title: "Too large" },
  "unsupported-media": { status: 415, title: "Unsupported content type" },
  failed: { status: 422, title: "Failed" },
  "too-many": { status: 429, title: "Too many requests" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
};

const internal = { status: 500, title: "Internal server error" };

/** The dialect of `/api/v1`: problem documents (RFC 9457), and unknown fields are refused. */
export const restDialect: Dialect = {
  unknownFields: "refused",
  refuse({ code, detail, field, extra, headers }) {
    const { status, title } = code === "internal" ? internal : problems[code];
    // The API page explains each code under this anchor.
    const type = `/docs/api#problem-${code}`;
    return {
      status,
      headers: { ...headers, "Content-Type": "application/problem+json" },
      body: { type, title, status, detail, field, ...extra },
    };
  },
};
