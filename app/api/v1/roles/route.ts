import { created } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { createRole } from "@/lib/roles/commands";
import { listRoles } from "@/lib/roles/queries";
import { newRole, roleView } from "@/lib/roles/schema";

export const GET = endpoint(
  {
    summary: "List roles",
    description: "Each role with its permissions and number of members.",
    permission: "users:manage",
    answers: { 200: listOf(roleView) },
  },
  ({ who }) => listRoles(who),
);

export const POST = endpoint(
  {
    summary: "Create a role",
    permission: "users:manage",
    body: newRole,
    example: { name: "operators", title: "Operators", permissions: ["jobs:manage"] },
    answers: { 201: roleView },
  },
  async ({ who, body }) => {
    const role = await createRole(who, body);
    return created(role, `/api/v1/roles/${role.name}`);
  },
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });
