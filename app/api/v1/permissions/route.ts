import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { catalog } from "@/lib/permissions/catalog";
import { permissionCatalog } from "@/lib/permissions/schema";

export const GET = endpoint(
  {
    summary: "List permissions",
    description: "All permissions that can be granted to tokens and roles.",
    answers: { 200: permissionCatalog },
  },
  () => ({ items: catalog, nextCursor: null }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
