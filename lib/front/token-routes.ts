import { z } from "zod";
import { created, noContent } from "../http/answer";
import { endpoint } from "../http/endpoint";
import { idempotencyKey } from "../idempotency";
import { listOf } from "../paging";
import { createToken, editToken, removeToken } from "../tokens/commands";
import { getToken, listTokens } from "../tokens/queries";
import { createdToken, newToken, tokenFilter, tokenPatch, tokenView } from "../tokens/schema";

// The operations on tokens but for those on many. The fast lane and the Next.js routes share these definitions.

export const listPage = endpoint(
  {
    summary: "List your tokens",
    query: tokenFilter,
    permission: "tokens:manage",
    answers: { 200: listOf(tokenView) },
  },
  ({ who, query }) => listTokens(who, query),
);

export const postToken = endpoint(
  {
    summary: "Create an API token",
    description: "Only this response contains the value of the token. Save it: it can't be shown again.",
    headers: z.object({ "idempotency-key": idempotencyKey.optional() }),
    body: newToken,
    example: {
      name: "Nightly report",
      expiresAt: "2030-01-31T09:30:00Z",
      permissions: ["workspace/Samples/nearby-earthquakes:run"],
    },
    permission: "tokens:manage",
    answers: {
      201: createdToken,
      200: { description: "The token that was created earlier with this Idempotency-Key.", schema: tokenView },
    },
  },
  async ({ who, body, headers }) => {
    const { token, value } = await createToken(who, body, headers["idempotency-key"]);
    return value ? created({ ...token, value: value.reveal() }, `/api/v1/tokens/${token.id}`) : token;
  },
);

const params = z.object({ id: z.string() });

export const readToken = endpoint(
  { summary: "Get a token", params, permission: "tokens:manage", answers: { 200: tokenView } },
  ({ who, params }) => getToken(who, params.id),
);

export const changeToken = endpoint(
  {
    summary: "Update a token",
    description: "Changes any field except the value. To enable an expired API token, set a new `expiresAt` too.",
    params,
    body: tokenPatch,
    example: { enabled: false },
    permission: "tokens:manage",
    answers: { 200: tokenView },
  },
  ({ who, params, body }) => editToken(who, params.id, body),
);

export const deleteToken = endpoint(
  {
    summary: "Remove a token",
    params,
    permission: "tokens:manage",
    answers: { 204: { description: "Removed." } },
  },
  async ({ who, params }) => {
    await removeToken(who, params.id);
    return noContent();
  },
);
