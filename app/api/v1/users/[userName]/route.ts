import { z } from "zod";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { changeUser } from "@/lib/users/commands";
import { getUser } from "@/lib/users/queries";
import { userChange, userName, userView } from "@/lib/users/schema";

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

export const { POST, PUT, DELETE, OPTIONS } = otherMethods({ GET, PATCH });
