import { z } from "zod";
import { description, printableName } from "../fields";
import { permissionList } from "../permissions/schema";

const roleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "Use 1 to 40 lowercase letters, digits and hyphens. Start with a letter.")
  .describe("Identifies the role in the API. It can't be changed.");

const settings = {
  title: printableName("role").describe("The name that people see."),
  description,
  permissions: permissionList.describe(
    "Permissions on items only if you have them yourself, or the role already has them.",
  ),
};

export const newRole = z.strictObject({ name: roleName, ...settings, description: description.default("") });
export type NewRole = z.output<typeof newRole>;

export const roleChange = z.strictObject(settings).partial();
export type RoleChange = z.output<typeof roleChange>;

export const roleView = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    everything: z.boolean().describe("Whether it has all permissions, including future ones."),
    builtIn: z.boolean().describe("Whether it is built in and can't be removed."),
    permissions: z.array(z.string()),
    people: z.int().describe("Number of users with this role. Changes apply to them and their tokens immediately."),
    can: z.object({
      give: z
        .boolean()
        .describe(
          "Whether you can assign it. Only users with all permissions can assign a role that has all permissions.",
        ),
      edit: z.boolean(),
      remove: z.boolean().describe("Whether you can remove it. Not while any user has it."),
    }),
  })
  .meta({ id: "Role" });
export type RoleView = z.infer<typeof roleView>;
