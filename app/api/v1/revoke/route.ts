import { revoke } from "@/lib/front/verification-routes";
import { otherMethods } from "@/lib/http/methods";

export const POST = revoke;

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
