import { otherMethods } from "@/lib/http/methods";
import { changeToken, deleteToken, readToken } from "@/lib/http/token-routes";

export const GET = readToken;
export const PATCH = changeToken;
export const DELETE = deleteToken;

export const { POST, PUT, OPTIONS } = otherMethods({ GET, PATCH, DELETE });
