/** A refusal of the API as the page sees it (RFC 9457). `message` is a sentence for the reader. */
export class ApiProblem extends Error {
  override name = "ApiProblem";

  constructor(
    /** HTTP status; 0 when the server was not reached at all. */
    readonly status: number,
    detail: string,
    /** The input that is wrong, as it was sent: `expiresAt`. */
    readonly field?: string,
    /** Further members of the problem document. */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  /** The session has ended: the dialog for that is already open, nothing more need be said. */
  get endsSession(): boolean {
    return this.status === 401;
  }
}

/** Heard by the dialog that asks to sign in again. */
export const sessionEnded = "tessera:session-ended";

/**
 * Calls the REST API with the session of this browser and answers with the JSON body, or undefined for 204.
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
    return await fetch(path, init);
  } catch {
    throw new ApiProblem(0, init.method === "GET" ? unreachable : unknown);
  }
}

const unreachable = "The server didn't respond. Check your connection and try again.";
/** A change may have been made, and only its answer been lost. */
const unknown =
  "The server didn't respond, so your change may or may not have been saved. Check your connection, then reload the page.";

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const { detail, field, ...extra } = (body ?? {}) as { detail?: string; field?: string };
  return new ApiProblem(
    response.status,
    detail ?? `Something went wrong (HTTP ${response.status}). Try again in a moment.`,
    field,
    extra,
  );
}
