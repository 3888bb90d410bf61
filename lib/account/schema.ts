import { z } from "zod";
import { personName } from "../fields";

/** An account as its owner sees it. */
export const accountView = z
  .object({
    userName: z.string(),
    fullName: z.string(),
    roles: z.array(z.object({ name: z.string(), title: z.string() })),
    signsInWith: z.array(z.enum(["password", "provider"])),
    createdAt: z.iso.datetime(),
    passwordChangedAt: z.iso.datetime().nullable().describe("Null for users without a password."),
    permissions: z
      .array(z.string())
      .describe("All that you hold. `*` is everything; `repository/Samples:*` everything on that item."),
  })
  .meta({ id: "Account" });
export type AccountView = z.infer<typeof accountView>;

export const accountChange = z.strictObject({ fullName: personName }).partial();
export type AccountChange = z.output<typeof accountChange>;

const tooLong = "Use 15 to 128 characters.";

export const newOwnPassword = z.strictObject({
  currentPassword: z.string().min(1, "Enter your current password.").max(1000, tooLong),
  newPassword: z.string().max(1000, tooLong).describe("15 to 128 characters."),
  disableTokens: z
    .boolean()
    .default(false)
    .describe(
      "Also disable your API tokens, for example if someone may know your password. You can enable them again.",
    ),
  disconnectProvider: z
    .boolean()
    .default(false)
    .describe(
      "Also disconnect your account from the identity provider, for example if someone may know your password.",
    ),
});
export type NewOwnPassword = z.output<typeof newOwnPassword>;

export const changedPassword = z.object({
  endedSessions: z.int().describe("Your sessions that were signed out: all but the current one."),
  disabledTokens: z.int().describe("0 unless `disableTokens` was set."),
  disconnected: z.boolean().describe("Whether `disconnectProvider` disconnected your account."),
});
export type ChangedPassword = z.infer<typeof changedPassword>;

export const disconnection = z.strictObject({
  currentPassword: z.string().min(1, "Enter your password.").max(1000, tooLong),
});
export type Disconnection = z.output<typeof disconnection>;

export const disconnectedIdentity = z.object({
  endedSessions: z.int().describe("Your sessions that were signed out: all but the current one."),
});
export type DisconnectedIdentity = z.infer<typeof disconnectedIdentity>;

/** What a new user does first. */
export const firstSteps = ["token", "use", "publish", "run", "app"] as const;
export type FirstStep = (typeof firstSteps)[number];

export interface StepState {
  step: FirstStep;
  isDone: boolean;
}
