import { z } from "zod";
import { answerAuth } from "@/lib/auth/handler";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

const params = z.object({ nextauth: z.array(z.string().max(50)).max(3) });
const query = z.looseObject({});
const answers = { 200: { description: "As next-auth answers." } };

/** The steps of signing in and out that a browser follows: CSRF token, session, the way to and from an identity provider. */
export const GET = endpoint(
  { summary: "Take a step of signing in", open: true, params, query, answers },
  ({ params: { nextauth: segments }, query, request: { headers }, now }) =>
    answerAuth({ method: "GET", segments, query: strings(query), body: {}, headers, now }),
);

/** Signs in with a password or sets out to an identity provider; signs out. */
export const POST = endpoint(
  { summary: "Sign in or out", open: true, params, body: z.record(z.string(), z.string()), bodyLimit: 20_000, answers },
  ({ params: { nextauth: segments }, body, request: { headers }, now }) =>
    answerAuth({ method: "POST", segments, query: {}, body: { ...body, json: "true" }, headers, now }),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });

const strings = (given: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
