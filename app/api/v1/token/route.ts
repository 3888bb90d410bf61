import { deletePresentedToken, readPresentedToken } from "@/lib/front/verification-routes";
import { otherMethods } from "@/lib/http/methods";

export const GET = readPresentedToken;
export const DELETE = deletePresentedToken;

export const { POST, PUT, PATCH, OPTIONS } = otherMethods({ GET, DELETE });
