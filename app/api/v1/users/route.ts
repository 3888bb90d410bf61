import { created } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { createUser } from "@/lib/users/commands";
import { listUsers } from "@/lib/users/queries";
import { createdUser, newUser, userFilter, userView } from "@/lib/users/schema";

export const GET = endpoint(
  {
    summary: "List users",
    description: "Sorted by username. Tokens are not included; only their owners can see them.",
    permission: "users:manage",
    query: userFilter,
    answers: { 200: listOf(userView) },
  },
  ({ who, query }) => listUsers(who, query),
);

export const POST = endpoint(
  {
    summary: "Create a user",
    description: "If you set no password, the response contains a temporary password. It is shown only once.",
    permission: "users:manage",
    body: newUser,
    example: { userName: "ada", fullName: "Ada Okafor", roles: ["author"] },
    answers: { 201: createdUser },
  },
  async ({ who, body }) => {
    const { user, oneTimePassword } = await createUser(who, body);
    return created(
      { ...user, oneTimePassword: oneTimePassword?.reveal() },
      `/api/v1/users/${encodeURIComponent(user.userName)}`,
    );
  },
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });
