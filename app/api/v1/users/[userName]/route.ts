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
  { summary: "Get a user", permission: "users:manage", params, answers: { 200: userView } },
  ({ who, params }) => getUser(who, params.userName),
);

export const PATCH = endpoint(
  {
    summary: "Update a user",
    description:
      "Send only the fields to change. Disabling a user rejects all of their tokens immediately; enabling restores them. " +
      "Only users with all permissions can edit users, or assign roles, that have all permissions.",
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
    summary: "Remove a user",
    description:
      "Also removes their tokens, sessions and jobs. `heir` becomes the owner of their items; their apps stop until the new owner replaces the tokens.",
    permission: "users:manage",
    params,
    query: userRemoval,
    answers: { 204: { description: "Removed." } },
  },
  async ({ who, params, query }) => {
    await removeUser(who, params.userName, query);
    return noContent();
  },
);

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
