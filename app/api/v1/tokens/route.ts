import { listPage, postToken } from "@/lib/front/token-routes";
import { otherMethods } from "@/lib/http/methods";

export const GET = listPage;
export const POST = postToken;

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET, POST });
