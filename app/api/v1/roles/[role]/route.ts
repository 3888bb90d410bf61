import { z } from "zod";
import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { editRole, removeRole } from "@/lib/roles/commands";
import { getRole } from "@/lib/roles/queries";
import { roleChange, roleView } from "@/lib/roles/schema";

const params = z.object({ role: z.string().max(100) });

export const GET = endpoint(
  { summary: "Get a role", permission: "users:manage", params, answers: { 200: roleView } },
  ({ who, params }) => getRole(who, params.role),
);

export const PATCH = endpoint(
  {
    summary: "Update a role",
    description:
      "Send only the fields to change. Changes apply to all members and their tokens immediately. Only users with all permissions can edit a role " +
      "that has all permissions.",
    permission: "users:manage",
    params,
    body: roleChange,
    example: { permissions: ["repositories:access", "jobs:access"] },
    answers: { 200: roleView },
  },
  ({ who, params, body }) => editRole(who, params.role, body),
);

export const DELETE = endpoint(
  {
    summary: "Remove a role",
    permission: "users:manage",
    params,
    answers: { 204: { description: "Removed." } },
  },
  async ({ who, params }) => {
    await removeRole(who, params.role);
    return noContent();
  },
);

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
