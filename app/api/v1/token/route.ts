import { otherMethods } from "@/lib/http/methods";
import { deletePresentedToken, readPresentedToken } from "@/lib/http/verification-routes";

export const GET = readPresentedToken;
export const DELETE = deletePresentedToken;

export const { POST, PUT, PATCH, OPTIONS } = otherMethods({ GET, DELETE });
