import { changedPassword, newOwnPassword } from "@/lib/account/schema";
import { changeOwnPassword } from "@/lib/auth/own-password";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const PUT = endpoint(
  {
    summary: "Change your password",
    description:
      "Requires a signed-in session. Users with a temporary password must do this first. Signs out your other sessions. " +
      "Repeated wrong passwords are rate-limited, here and on the sign-in page.",
    body: newOwnPassword,
    example: { currentPassword: "a quiet harbour at noon", newPassword: "three herons over slow water" },
    withOneTimePassword: true,
    answers: { 200: changedPassword },
  },
  ({ who, body }) => changeOwnPassword(who, body),
);

export const { GET, POST, PATCH, DELETE, OPTIONS } = otherMethods({ PUT });
