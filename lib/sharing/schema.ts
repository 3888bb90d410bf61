import { z } from "zod";
import { permissionList } from "../permissions/schema";

/** The end of a path: `grants/users/olu`, `grants/roles/author`. */
export const grantPath = z.object({
  kind: z.enum(["users", "roles"]),
  name: z.string().max(64).describe("A username or the name of a role."),
});

export type Grantee = { kind: "users" | "roles"; name: string };

export const sharedPermissions = z.strictObject({
  permissions: permissionList
    .min(1, "Choose at least one permission.")
    .describe("All permissions on this item. Others that were granted before are removed."),
});
export type SharedPermissions = z.output<typeof sharedPermissions>;

export const grantView = z
  .object({
    kind: z.enum(["users", "roles"]),
    name: z.string(),
    title: z.string().describe("The full name of the user, or the title of the role."),
    permissions: z.array(z.string()),
  })
  .meta({ id: "Grant" });
export type GrantView = z.infer<typeof grantView>;
