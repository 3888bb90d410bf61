import type { RouteTable } from "@/lib/http/openapi";
import * as permissions from "./permissions/route";

/** Every route of the API in the order in which the API document tells them; the document itself comes last. */
export const routes: RouteTable = {
  "/api/v1/permissions": permissions,
};
