import { otherMethods } from "@/lib/http/methods";
import { authorize } from "@/lib/http/verification-routes";

export const GET = authorize;

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
