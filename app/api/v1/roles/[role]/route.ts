import { z } from "zod";
import { noContent } from "@/lib/http/answer";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { editRole, removeRole } from "@/lib/roles/commands";
import { getRole } from "@/lib/roles/queries";
import { roleChange, roleView } from "@/lib/roles/schema";

const params = z.object({ role: z.string().max(100) });

export const GET = endpoint(
  { summary: "Read a role", permission: "users:manage", params, answers: { 200: roleView } },
  ({ who, params }) => getRole(who, params.role),
);

export const PATCH = endpoint(
  {
    summary: "Change a role",
    description:
      "Any subset of the fields. Whoever has the role, and each of their tokens, may do the new from the answer on. A role " +
      "that holds everything is changed only by somebody who does.",
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
    summary: "Remove a role that nobody has",
    permission: "users:manage",
    params,
    answers: { 204: { description: "It is gone." } },
  },
  async ({ who, params }) => {
    await removeRole(who, params.role);
    return noContent();
  },
);

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
