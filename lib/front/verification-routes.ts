import { z } from "zod";
import { originOf } from "../auth/origins";
import { requesterOf } from "../auth/requester";
import { Refusal } from "../errors";
import { noContent } from "../http/answer";
import { endpoint } from "../http/endpoint";
import { removeByValue, removePresentedToken } from "../tokens/commands";
import { presentedToken as presentedTokenOf } from "../tokens/queries";
import { presentedTokenView } from "../tokens/schema";
import { verifyWithExpiry } from "../verification/verify";
import { forwardedLengthMax } from "./authorize-rules";
import { eachHeader } from "./header-list";
import { authorizedHeaders, introspection, introspectionOf } from "./verification-answers";

// The operations of verification. The fast lane and the Next.js routes share these definitions, and the direct ways what they
// say of queries, headers and bodies.

const forwarded = z.string().max(forwardedLengthMax).optional();

export const authorize = endpoint(
  {
    summary: "Check whether a token has a permission",
    tags: ["Verification"],
    description:
      "For reverse proxies (forward authentication). Pass a permission, or let the server's rules derive it from `X-Original-URI` " +
      "and `X-Original-Method` (or `X-Forwarded-Uri` and `X-Forwarded-Method`).",
    query: z.object({
      permission: z.string().max(1000).optional().describe("`repository/Samples:run`"),
    }),
    headers: z.object({
      "x-original-uri": forwarded,
      "x-original-method": forwarded,
      "x-forwarded-uri": forwarded,
      "x-forwarded-method": forwarded,
    }),
    answers: {
      200: {
        description:
          "The token has the permission. The headers `X-Tessera-User`, `X-Tessera-Token-Id` and `X-Tessera-Permissions` describe it.",
      },
    },
  },
  ({ who, query, headers }) => {
    const answer = new Response(null);
    eachHeader(authorizedHeaders(who, query, headers), (name, value) => answer.headers.set(name, value));
    return answer;
  },
);

/** Any text is valid: what cannot be a token is one that is not active, which is no error (RFC 7662, RFC 7009). */
const presented = z.looseObject({
  token: z.string().describe("The value of a token."),
  token_type_hint: z.string().optional().describe("Accepted and ignored."),
});

const introspectionForm = presented.extend({
  client_id: z.string().optional().describe("Accepted and ignored."),
  client_secret: z.string().optional().describe("Your own token, when it is in no header."),
});
export type IntrospectionForm = z.output<typeof introspectionForm>;

export const introspect = endpoint(
  {
    summary: "Introspect a token",
    tags: ["Verification"],
    description:
      "RFC 7662. Authenticate with your own token to check any token that was presented to you: as a Bearer token, or as the secret " +
      "of a client (`client_secret_basic`, `client_secret_post`) with any client id. For a token that is not valid, the response is " +
      "only `active: false`.",
    clientSecret: true,
    body: introspectionForm,
    bodyKind: "form",
    anyBytes: true,
    example: { token: "tsa_…" },
    answers: { 200: introspection },
  },
  async ({ body, request }) =>
    introspectionOf(await orNull(verifyWithExpiry(body.token, requesterOf(request.headers)))),
);

export const revoke = endpoint(
  {
    summary: "Revoke a token",
    tags: ["Verification"],
    description:
      "RFC 7009. Anyone who has a token's value can revoke it. Also returns 200 if there is nothing to revoke.",
    open: true,
    body: presented,
    bodyKind: "form",
    anyBytes: true,
    example: { token: "tsa_…" },
    answers: {
      200: { description: "The token is no longer accepted anywhere. An empty object.", schema: z.object({}) },
    },
  },
  async ({ body, now, request }) => {
    await removeByValue(body.token, { now, ...requesterOf(request.headers) });
    return {};
  },
);

export const readPresentedToken = endpoint(
  {
    summary: "Get the token you are using",
    tags: ["Tokens"],
    description: "Its settings, owner and current permissions. Works with every token.",
    answers: { 200: presentedTokenView },
  },
  ({ who }) => presentedTokenOf(who),
);

export const deletePresentedToken = endpoint(
  {
    summary: "Remove the token you are using",
    tags: ["Tokens"],
    description: "Works with every token.",
    answers: { 204: { description: "Removed." } },
  },
  async ({ who }) => {
    await removePresentedToken(who);
    return noContent();
  },
);

const clientMethods = ["client_secret_basic", "client_secret_post"];

/** RFC 8414 metadata. There are no grant types: tokens are created in the browser or by REST. */
export const metadata = endpoint(
  {
    summary: "Get the authorization server metadata",
    open: true,
    answers: { 200: { description: "Authorization server metadata.", contentType: "application/json" } },
  },
  ({ request }) => {
    const issuer = originOf(request.headers);
    return {
      issuer,
      response_types_supported: [],
      introspection_endpoint: `${issuer}/api/v1/introspect`,
      introspection_endpoint_auth_methods_supported: [...clientMethods, "Bearer"],
      revocation_endpoint: `${issuer}/api/v1/revoke`,
      // Revocation needs no authentication, and ignores that of clients that must send one.
      revocation_endpoint_auth_methods_supported: ["none", ...clientMethods],
      service_documentation: `${issuer}/docs/api`,
    };
  },
);

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isNoToken(error)) return null;
    throw error;
  }
}

/** Whether a refusal says that a token is not valid, which RFC 7662 does not treat as an error. */
export const isNoToken = (error: unknown) => error instanceof Refusal && error.code === "unauthenticated";
