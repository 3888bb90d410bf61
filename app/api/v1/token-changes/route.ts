import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { bulkChange } from "@/lib/tokens/bulk";
import { tokenChanges, tokenOutcomes } from "@/lib/tokens/schema";

export const POST = endpoint(
  {
    summary: "Change several tokens",
    description:
      "Enables, disables or removes several of your tokens. Returns the outcome for each token; a failure doesn't affect the others. " +
      "With `matching`, each request changes one batch: repeat with `nextCursor` until it is null.",
    tags: ["Tokens"],
    body: tokenChanges,
    example: { change: "disable", ids: "all-but-current" },
    permission: "tokens:manage",
    answers: { 200: tokenOutcomes },
  },
  ({ who, body }) => bulkChange(who, body),
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
