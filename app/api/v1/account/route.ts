import { changeAccount } from "@/lib/account/commands";
import { getAccount } from "@/lib/account/queries";
import { accountChange, accountView } from "@/lib/account/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint(
  {
    summary: "Get your account",
    description: "Requires a signed-in session. API tokens can use GET /api/v1/token instead.",
    answers: { 200: accountView },
  },
  ({ who }) => getAccount(who),
);

export const PATCH = endpoint(
  {
    summary: "Update your account",
    description: "Requires a signed-in session.",
    body: accountChange,
    example: { fullName: "Ada Okafor" },
    answers: { 200: accountView },
  },
  ({ who, body }) => changeAccount(who, body),
);

export const { POST, PUT, DELETE, OPTIONS } = otherMethods({ GET, PATCH });
