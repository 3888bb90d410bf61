import { changeAccount } from "@/lib/account/commands";
import { getAccount } from "@/lib/account/queries";
import { accountChange, accountView } from "@/lib/account/schema";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const GET = endpoint(
  {
    summary: "Read your own account",
    description: "For whoever is signed in. A token reads what it is and may do from GET /token.",
    answers: { 200: accountView },
  },
  ({ who }) => getAccount(who),
);

export const PATCH = endpoint(
  {
    summary: "Change your own account",
    description: "For whoever is signed in.",
    body: accountChange,
    example: { fullName: "Ada Okafor" },
    answers: { 200: accountView },
  },
  ({ who, body }) => changeAccount(who, body),
);

export const { POST, PUT, DELETE, OPTIONS } = otherMethods({ GET, PATCH });
