import { z } from "zod";
import { created } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { idempotencyKey } from "@/lib/idempotency";
import { listOf } from "@/lib/paging";
import { createToken } from "@/lib/tokens/commands";
import { listTokens } from "@/lib/tokens/queries";
import { createdToken, newToken, tokenFilter, tokenView } from "@/lib/tokens/schema";

export const GET = endpoint(
  {
    summary: "List your tokens",
    query: tokenFilter,
    permission: "tokens:manage",
    answers: { 200: listOf(tokenView) },
  },
  ({ who, query }) => listTokens(who, query),
);

export const POST = endpoint(
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

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });
