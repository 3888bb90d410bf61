import { z } from "zod";

export const signInReason = z.enum(["expired", "ended", "signed-out"]);
export type SignInReason = z.infer<typeof signInReason>;

/** The limits keep huge inputs from being hashed. */
export const passwordSignIn = z.object({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});
