import { z } from "zod";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { resetPassword } from "@/lib/users/one-time-password";
import { oneTimePassword, userName } from "@/lib/users/schema";

export const POST = endpoint(
  {
    summary: "Reset the password of an account",
    description:
      "Its owner signs in with the one-time password of this answer and chooses another before anything else. Their " +
      "sessions end; their API tokens go on.",
    permission: "users:manage",
    params: z.object({ userName }),
    answers: { 200: oneTimePassword },
  },
  async ({ who, params }) => {
    const password = await resetPassword(who, params.userName);
    return { oneTimePassword: password.reveal() };
  },
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
