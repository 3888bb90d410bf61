import { noteServerTime } from "./server-clock";

/** A refusal of the API (RFC 9457). `message` is a sentence for the user. */
export class ApiProblem extends Error {
  override name = "ApiProblem";

  constructor(
    /** The HTTP status, or 0 if the server could not be reached. */
    readonly status: number,
    detail: string,
    /** The name of the wrong field in the request, like `expiresAt`. */
    readonly field?: string,
    /** Further members of the problem document. */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  /** True if the session has ended. Then the sign-in dialog is already open, and no other message is needed. */
  get endsSession(): boolean {
    return this.status === 401;
  }
}

/** The window event that opens the sign-in dialog. */
export const sessionEnded = "tessera:session-ended";

/**
 * Calls the REST API with the session of this browser. Returns the JSON body, or undefined for 204.
 *
 * @throws ApiProblem for every refusal, and with status 0 when the server cannot be reached.
 */
export async function api<T = undefined>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: `/api/v1/${string}`,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const response = await reach(path, {
    method,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  if (response.status === 204) return undefined as T;
  if (response.ok) return response.json();
  if (response.status === 401) window.dispatchEvent(new Event(sessionEnded));
  throw await problemOf(response);
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(path, init);
    noteServerTime(Date.parse(response.headers.get("date") ?? ""));
    return response;
  } catch {
    throw new ApiProblem(0, init.method === "GET" ? unreachable : unknown);
  }
}

const unreachable = "The server didn't respond. Check your connection and try again.";
/** The server may have made the change although its answer was lost. */
const unknown =
  "The server didn't respond, so your change may or may not have been saved. Check your connection, then reload the page.";

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const { detail, field, ...extra } = (body ?? {}) as { detail?: string; field?: string };
  return new ApiProblem(
    response.status,
    detail ?? `Something went wrong (HTTP ${response.status}). Try again in a moment.`,
    field,
    extra,
  );
}
