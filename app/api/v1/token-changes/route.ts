import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { bulkChange } from "@/lib/tokens/bulk";
import { tokenChanges, tokenOutcomes } from "@/lib/tokens/schema";

export const POST = endpoint(
  {
    summary: "Enable, disable or remove several of your tokens",
    description:
      "Says what became of each. One that is refused or not found does not hold up the others. All that `matching` finds are " +
      "changed a batch at a time, each batch whole: ask again with `nextCursor` until there is none.",
    tags: ["Tokens"],
    body: tokenChanges,
    example: { change: "disable", ids: "all-but-current" },
    permission: "tokens:manage",
    answers: { 200: tokenOutcomes },
  },
  ({ who, body }) => bulkChange(who, body),
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
