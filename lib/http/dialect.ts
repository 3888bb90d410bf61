import type { RefusalCode } from "../errors";

export interface Problem {
  code: RefusalCode | "internal";
  /** A public sentence that says what to do next. */
  detail: string;
  field?: string;
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  userName?: string;
}

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: object;
}

/** What differs between REST APIs that share {@link endpoint}; permissions, input and output are the same in all. */
export interface Dialect {
  refuse(problem: Problem): ProblemAnswer;
  /** Query parameters and top-level body fields that the operation does not name. */
  unknownFields: "refused" | "ignored";
}

export const problems: Record<RefusalCode, { status: number; title: string }> = {
  invalid: { status: 400, title: "Invalid request" },
  unauthenticated: { status: 401, title: "Authentication required" },
  forbidden: { status: 403, title: "Permission denied" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "Conflict" },
  "too-large": { status: 413, title: "Too large" },
  "unsupported-media": { status: 415, title: "Unsupported content type" },
  "no-such-range": { status: 416, title: "Range not satisfiable" },
  failed: { status: 422, title: "Failed" },
  "too-many": { status: 429, title: "Too many requests" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
};

const internal = { status: 500, title: "Internal server error" };

/** Problem documents (RFC 9457), whose `type` is an anchor on the API page. */
export const restDialect: Dialect = {
  unknownFields: "refused",
  refuse({ code, detail, field, extra, headers }) {
    const { status, title } = code === "internal" ? internal : problems[code];
    const type = `/docs/api#problem-${code}`;
    return {
      status,
      headers: { ...headers, "Content-Type": "application/problem+json" },
      body: { type, title, status, detail, field, ...extra },
    };
  },
};
