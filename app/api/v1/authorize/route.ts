import { authorize } from "@/lib/front/verification-routes";
import { otherMethods } from "@/lib/http/methods";

export const GET = authorize;

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
