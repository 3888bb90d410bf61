import { changeToken, deleteToken, readToken } from "@/lib/front/token-routes";
import { otherMethods } from "@/lib/http/methods";

export const GET = readToken;
export const PATCH = changeToken;
export const DELETE = deleteToken;

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
