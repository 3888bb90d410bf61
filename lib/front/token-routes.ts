import { z } from "zod";
import { noContent } from "../http/answer";
import { endpoint } from "../http/endpoint";
import { editToken, removeToken } from "../tokens/commands";
import { getToken } from "../tokens/queries";
import { tokenPatch, tokenView } from "../tokens/schema";

// The operations on one token. The fast lane and the Next.js route share these definitions.

const params = z.object({ id: z.string() });

export const readToken = endpoint(
  { summary: "Read one of your tokens", params, permission: "tokens:manage", answers: { 200: tokenView } },
  ({ who, params }) => getToken(who, params.id),
);

export const changeToken = endpoint(
  {
    summary: "Change one of your tokens",
    description: "Everything but the value. An expired API token is enabled together with a new `expiresAt`.",
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
    summary: "Remove one of your tokens for good",
    params,
    permission: "tokens:manage",
    answers: { 204: { description: "It is gone." } },
  },
  async ({ who, params }) => {
    await removeToken(who, params.id);
    return noContent();
  },
);
