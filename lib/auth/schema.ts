import { z } from "zod";

/** The reason for showing the sign-in page: the session expired, was ended elsewhere, or the user signed out. */
export const signInReason = z.enum(["expired", "ended", "signed-out"]);
export type SignInReason = z.infer<typeof signInReason>;

/** The sign-in form. The limits keep huge inputs from being hashed. */
export const passwordSignIn = z.object({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});
