import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { listOf } from "@/lib/paging";
import { listRoles } from "@/lib/users/queries";
import { roleView } from "@/lib/users/schema";

export const GET = endpoint(
  {
    summary: "List the roles",
    description: "Named sets of permissions, with what each holds.",
    permission: "users:manage",
    answers: { 200: listOf(roleView) },
  },
  ({ who }) => listRoles(who),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
