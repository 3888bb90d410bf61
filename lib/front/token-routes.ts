import { z } from "zod";
import { noContent } from "../http/answer";
import { endpoint } from "../http/endpoint";
import { editToken, removeToken } from "../tokens/commands";
import { getToken } from "../tokens/queries";
import { tokenPatch, tokenView } from "../tokens/schema";

// The operations on one token. The fast lane and the Next.js route share these definitions.

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
