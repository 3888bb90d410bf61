import { z } from "zod";

/** Why somebody is at the sign-in page: the session's time was up, it was ended elsewhere, or they signed out. */
export const signInReason = z.enum(["expired", "ended", "signed-out"]);
export type SignInReason = z.infer<typeof signInReason>;

/** What the sign-in form sends. Bounds keep absurd input away from the hash. */
export const passwordSignIn = z.object({
  userName: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});
