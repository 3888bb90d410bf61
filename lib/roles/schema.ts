import { z } from "zod";
import { description, printableName } from "../fields";
import { permissionList } from "../permissions/schema";

const roleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, "Use 1 to 40 lower-case letters, digits and hyphens, with a letter first.")
  .describe("What REST addresses; it stays as it is.");

const settings = {
  title: printableName("role").describe("As people read it."),
  description,
  permissions: permissionList.describe("Those on items only if you hold them, or the role has them already."),
};

/** POST /roles. */
export const newRole = z.strictObject({ name: roleName, ...settings, description: description.default("") });
export type NewRole = z.output<typeof newRole>;

/** PATCH /roles/{role}: any subset. */
export const roleChange = z.strictObject(settings).partial();
export type RoleChange = z.output<typeof roleChange>;

/** A named set of permissions. */
export const roleView = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    everything: z.boolean().describe("Holds every permission there is or will be."),
    builtIn: z.boolean().describe("Every server has it; it cannot be removed."),
    permissions: z.array(z.string()),
    people: z.int().describe("How many accounts have it: a change of the role is theirs, and their tokens', at once."),
    can: z.object({
      give: z.boolean().describe("May you give it? One that holds everything takes somebody who does."),
      edit: z.boolean(),
      remove: z.boolean().describe("Not while anybody has it."),
    }),
  })
  .meta({ id: "Role" });
export type RoleView = z.infer<typeof roleView>;
