import { z } from "zod";
import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { editToken, removeToken } from "@/lib/tokens/commands";
import { getToken } from "@/lib/tokens/queries";
import { tokenChange, tokenView } from "@/lib/tokens/schema";

const params = z.object({ id: z.string() });

export const GET = endpoint(
  { summary: "Read one of your tokens", params, permission: "tokens:manage", answers: { 200: tokenView } },
  ({ who, params }) => getToken(who, params.id),
);

export const PATCH = endpoint(
  {
    summary: "Change one of your tokens",
    description: "Everything but the value. An expired API token is enabled together with a new `expiresAt`.",
    params,
    body: tokenChange,
    example: { enabled: false },
    permission: "tokens:manage",
    answers: { 200: tokenView },
  },
  ({ who, params, body }) => editToken(who, params.id, body),
);

export const DELETE = endpoint(
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

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
