import { otherMethods } from "@/lib/http/methods";
import { revoke } from "@/lib/http/verification-routes";

export const POST = revoke;

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
