import { z } from "zod";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { resetPassword } from "@/lib/users/one-time-password";
import { oneTimePassword, userName } from "@/lib/users/schema";

export const POST = endpoint(
  {
    summary: "Reset a user's password",
    description:
      "The user signs in with the temporary password in the response and must choose a new one. Their " +
      "sessions are signed out and their account is disconnected from the identity provider; their API tokens keep working.",
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
