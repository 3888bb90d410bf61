import { z } from "zod";
import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { changeUser } from "@/lib/users/commands";
import { getUser } from "@/lib/users/queries";
import { removeUser } from "@/lib/users/removal";
import { userChange, userName, userRemoval, userView } from "@/lib/users/schema";

const params = z.object({ userName });

export const GET = endpoint(
  { summary: "Read an account", permission: "users:manage", params, answers: { 200: userView } },
  ({ who, params }) => getUser(who, params.userName),
);

export const PATCH = endpoint(
  {
    summary: "Change an account",
    description:
      "Any subset of the fields. Disabling refuses all tokens of the account at once; enabling brings them back. " +
      "An account or role that holds everything is changed or given only by somebody who holds everything.",
    permission: "users:manage",
    params,
    body: userChange,
    example: { enabled: false },
    answers: { 200: userView },
  },
  ({ who, params, body }) => changeUser(who, params.userName, body),
);

export const DELETE = endpoint(
  {
    summary: "Remove an account for good",
    description:
      "With its tokens, sessions and jobs. `heir` takes over what it owns; its apps stop until the heir gives them new tokens.",
    permission: "users:manage",
    params,
    query: userRemoval,
    answers: { 204: { description: "It is gone." } },
  },
  async ({ who, params, query }) => {
    await removeUser(who, params.userName, query);
    return noContent();
  },
);

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
