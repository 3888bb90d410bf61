import { z } from "zod";
import { fullName } from "../users/schema";

/** An account as its owner sees it. */
export const accountView = z
  .object({
    userName: z.string(),
    fullName: z.string(),
    roles: z.array(z.object({ name: z.string(), title: z.string() })),
    signsInWith: z.array(z.enum(["password", "provider"])),
    createdAt: z.iso.datetime(),
    passwordChangedAt: z.iso.datetime().nullable().describe("Null for whoever has no password."),
    permissions: z
      .array(z.string())
      .describe("All that you hold. `*` is everything; `repository/Samples:*` everything on that item."),
  })
  .meta({ id: "Account" });
export type AccountView = z.infer<typeof accountView>;

/** PATCH /account: any subset. */
export const accountChange = z.strictObject({ fullName }).partial();
export type AccountChange = z.output<typeof accountChange>;

const tooLong = "Use 15 to 128 characters.";

/** PUT /account/password. */
export const newOwnPassword = z.strictObject({
  currentPassword: z.string().min(1, "Type your current password.").max(1000, tooLong),
  newPassword: z.string().max(1000, tooLong).describe("15 to 128 characters."),
  disableTokens: z
    .boolean()
    .default(false)
    .describe("Also disable your API tokens, as when somebody may have known the password. You can enable each again."),
});
export type NewOwnPassword = z.output<typeof newOwnPassword>;

/** The effects of a change of password. */
export const changedPassword = z.object({
  endedSessions: z.int().describe("All of your sessions but the one that asked."),
  disabledTokens: z.int().describe("0 unless it was asked for."),
});
export type ChangedPassword = z.infer<typeof changedPassword>;
