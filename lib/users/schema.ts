import { z } from "zod";
import { personName, searchText } from "../fields";
import { pageQuery } from "../paging";
import { normalizeUserName } from "../text";

/** The name is also part of REST paths. Case does not matter; it is stored in lower case. */
export const userName = z
  .string()
  .overwrite(normalizeUserName)
  .regex(
    /^[a-z0-9][a-z0-9._@-]{0,63}$/,
    "Use 1 to 64 letters, digits, dots, hyphens, underscores or @. Start with a letter or digit.",
  )
  .describe("1 to 64 lowercase letters, digits and . _ @ -");

const roles = z
  .array(z.string().max(64))
  .max(20)
  .transform((names) => [...new Set(names)].sort())
  .describe("Names of roles; GET /api/v1/roles lists them.");

export const newUser = z.strictObject({
  userName,
  fullName: personName,
  password: z
    .string()
    .max(1000, "Use 15 to 128 characters.")
    .optional()
    .describe("15 to 128 characters. If omitted, the response contains a temporary password."),
  roles: roles.default(["user"]),
});
export type NewUser = z.output<typeof newUser>;

export const userChange = z.strictObject({ enabled: z.boolean(), fullName: personName, roles }).partial();
export type UserChange = z.output<typeof userChange>;

export const userFilter = pageQuery
  .extend({
    q: searchText.optional().describe("Part of the username or full name."),
    state: z.enum(["enabled", "disabled"]).optional(),
    role: z.string().max(64).optional().describe("Only users with this role."),
  })
  .strict();
export type UserFilter = z.output<typeof userFilter>;

/** An account as administrators see it: without its password and hash, its tokens and their number. */
export const userView = z.object({
  userName: z.string(),
  fullName: z.string(),
  enabled: z.boolean().describe("If false, the user can't sign in and all of their tokens are rejected."),
  roles: z.array(z.string()),
  signsInWith: z.array(z.enum(["password", "provider"])),
  mustChangePassword: z.boolean(),
  createdAt: z.iso.datetime(),
  can: z.object({
    change: z
      .boolean()
      .describe("Whether you can edit this user. Only users with all permissions can edit others who have them."),
    resetPassword: z.boolean(),
    remove: z.boolean(),
  }),
});
export type UserView = z.infer<typeof userView>;

export const createdUser = userView.extend({
  oneTimePassword: z.string().optional().describe("A temporary password, if you gave none. Only in this response."),
});

export type CreatedUser = z.infer<typeof createdUser>;

export const oneTimePassword = z.object({
  oneTimePassword: z.string().describe("A temporary password. Only in this response."),
});
export type OneTimePassword = z.infer<typeof oneTimePassword>;

export const userRemoval = z.object({
  heir: userName
    .optional()
    .describe("The new owner of the user's repositories, workspaces and apps. Required if there are any."),
});
export type UserRemoval = z.output<typeof userRemoval>;
