import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { removePresentedToken } from "@/lib/tokens/commands";
import { presentedToken } from "@/lib/tokens/queries";
import { presentedTokenView } from "@/lib/tokens/schema";

export const GET = endpoint(
  {
    summary: "Read the token you present",
    tags: ["Tokens"],
    description: "What it is, whose it is, and what it may do at this moment. Every token may ask.",
    answers: { 200: presentedTokenView },
  },
  ({ who }) => presentedToken(who),
);

export const DELETE = endpoint(
  {
    summary: "Remove the token you present",
    tags: ["Tokens"],
    description: "Every token may.",
    answers: { 204: { description: "It is gone." } },
  },
  async ({ who }) => {
    await removePresentedToken(who);
    return noContent();
  },
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods({ GET, DELETE });
