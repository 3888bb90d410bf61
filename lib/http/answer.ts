class StatusAnswer {
  constructor(
    readonly status: number,
    readonly value: unknown,
    readonly headers: Record<string, string>,
  ) {}
}

/** 201 with the absolute path of what was created. */
export const created = (value: unknown, location: string) => new StatusAnswer(201, value, { Location: location });

/** 202 with the absolute path where the outcome will be. */
export const accepted = (value: unknown, location: string) => new StatusAnswer(202, value, { Location: location });

export const noContent = () => new StatusAnswer(204, undefined, {});

/** The JSON of a handler's result that is no `Response`, and no text for one without a body. */
export function jsonAnswerOf(given: unknown): { status: number; headers: Record<string, string>; text: string | null } {
  const { status, value, headers } = given instanceof StatusAnswer ? given : new StatusAnswer(200, given, {});
  if (value === undefined) return { status, headers: lowerCased(headers), text: null };
  return {
    status,
    headers: { "content-type": "application/json", ...lowerCased(headers) },
    text: JSON.stringify(value),
  };
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Makes a response of a handler's result: a plain value is answered 200 as JSON; undefined is a bug. */
export function answerOf(given: unknown): Response {
  if (given instanceof Response) return given;
  if (given instanceof StatusAnswer) {
    const { status, value, headers } = given;
    return value === undefined ? new Response(null, { status, headers }) : Response.json(value, { status, headers });
  }
  return Response.json(given);
}

/** Adds the headers of every answer. HEAD has the headers of GET and no body. */
export function withDoorHeaders(response: Response, request: Request, requestId: string): Response {
  const { status, headers } = response;
  const answer = request.method === "HEAD" ? new Response(null, { status, headers }) : response;
  answer.headers.set("Cache-Control", "no-store");
  answer.headers.set("X-Request-Id", requestId);
  return answer;
}
