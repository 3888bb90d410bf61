import { disconnectedIdentity, disconnection } from "@/lib/account/schema";
import { disconnectOwnIdentity } from "@/lib/auth/own-password";
import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";

export const POST = endpoint(
  {
    summary: "Disconnect your account from the identity provider",
    description:
      "Requires a signed-in session, and an account with a password. Signs out your other sessions. " +
      "Repeated wrong passwords are rate-limited, here and on the sign-in page.",
    body: disconnection,
    example: { currentPassword: "a quiet harbour at noon" },
    answers: { 200: disconnectedIdentity },
  },
  ({ who, body }) => disconnectOwnIdentity(who, body),
);

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
