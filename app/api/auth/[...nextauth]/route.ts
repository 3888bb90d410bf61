import { z } from "zod";
import { answerAuth } from "@/lib/auth/handler";
import { endpoint } from "@/lib/http/endpoint";
import { parseJson } from "@/lib/http/json";
import { otherMethods } from "@/lib/http/methods";
import { singleValues } from "@/lib/http/request-input";
import { parseInput } from "@/lib/http/validation";

const params = z.object({ nextauth: z.array(z.string().max(50)).max(3) });
const strings = z.record(z.string(), z.string());
const answers = { 200: { description: "The response of next-auth." } };

/** The steps of signing in and out that a browser follows: CSRF token, session, the way to and from an identity provider. */
export const GET = endpoint(
  { summary: "Get sign-in data", open: true, params, query: z.looseObject({}), answers },
  async ({ params: { nextauth: segments }, query, request: { headers } }) =>
    answerAuth({ method: "GET", segments, query: strings.parse(query), body: {}, headers }),
);

/** Signs in with a password or sets out to an identity provider; signs out. Takes a form, or the same as JSON. */
export const POST = endpoint(
  {
    summary: "Sign in or out",
    open: true,
    endsOnly: (path) => path === "/api/auth/signout",
    params,
    bodyKind: "text",
    bodyLimit: 20_000,
    contentTypes: ["application/x-www-form-urlencoded", "application/json"],
    answers,
  },
  async ({ params: { nextauth: segments }, body, request: { headers } }) =>
    answerAuth({
      method: "POST",
      segments,
      query: {},
      body: { ...fieldsOf(headers, body), json: "true" },
      headers,
    }),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });

function fieldsOf(headers: Headers, body: string): Record<string, string> {
  const isJson = headers.get("content-type")?.toLowerCase().startsWith("application/json");
  return parseInput(strings, isJson ? parseJson(body) : singleValues(new URLSearchParams(body), "field"), "field");
}
