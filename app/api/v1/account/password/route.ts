import { changedPassword, newOwnPassword } from "@/lib/account/schema";
import { changeOwnPassword } from "@/lib/auth/own-password";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const PUT = endpoint(
  {
    summary: "Change your own password",
    description:
      "For whoever is signed in; also with a one-time password, whose sessions may do nothing else. Your other sessions end. " +
      "Repeatedly giving a wrong current password makes you wait, here and at the sign-in page.",
    body: newOwnPassword,
    example: { currentPassword: "a quiet harbour at noon", newPassword: "three herons over slow water" },
    withOneTimePassword: true,
    answers: { 200: changedPassword },
  },
  ({ who, body }) => changeOwnPassword(who, body),
);

export const { GET, POST, PATCH, DELETE, OPTIONS } = otherMethods({ PUT });
