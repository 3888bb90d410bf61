import { otherMethods } from "@/lib/http/methods";
import { introspect } from "@/lib/http/verification-routes";

export const POST = introspect;

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ POST });
