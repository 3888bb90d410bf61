import { z } from "zod";

export const signInReason = z.enum(["expired", "ended", "signed-out", "signed-out-here"]);
export type SignInReason = z.infer<typeof signInReason>;

/** Why no sign-in came of a visit to the identity provider, for the sign-in page. */
export const providerFailure = z.enum([
  "cancelled",
  "unreachable",
  "misconfigured",
  "refused",
  "disabled",
  "unavailable",
]);
export type ProviderFailure = z.infer<typeof providerFailure>;

export const connectionOutcome = z.enum([...providerFailure.options, "connected", "taken", "already"]);
export type ConnectionOutcome = z.infer<typeof connectionOutcome>;

/** The limits keep huge inputs from being hashed. */
export const passwordSignIn = z.object({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});
