/** An answer with a status of its own, made by {@link created}, {@link accepted} or {@link noContent}. */
class StatusAnswer {
  constructor(
    readonly status: number,
    readonly value: unknown,
    readonly headers: Record<string, string>,
  ) {}
}

/** 201, and where the new thing is: an absolute path. */
export const created = (value: unknown, location: string) => new StatusAnswer(201, value, { Location: location });

/** 202: it will be done; `location` says where to look. */
export const accepted = (value: unknown, location: string) => new StatusAnswer(202, value, { Location: location });

/** 204. */
export const noContent = () => new StatusAnswer(204, undefined, {});

/** Whatever a handler gives, as a response. A plain value is 200 and JSON; undefined is a bug, not an empty answer. */
export function answerOf(given: unknown): Response {
  if (given instanceof Response) return given;
  if (given instanceof StatusAnswer) {
    const { status, value, headers } = given;
    return value === undefined ? new Response(null, { status, headers }) : Response.json(value, { status, headers });
  }
  return Response.json(given);
}

/** The headers of every answer. HEAD gets those of GET and no body. */
export function withDoorHeaders(response: Response, request: Request, requestId: string): Response {
  const body = request.method === "HEAD" ? null : response.body;
  const answer = new Response(body, { status: response.status, headers: response.headers });
  answer.headers.set("Cache-Control", "no-store");
  answer.headers.set("X-Request-Id", requestId);
  return answer;
}
