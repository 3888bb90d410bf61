import { endpoint } from "@/lib/http/endpoint";
import { otherMethods } from "@/lib/http/methods";
import { catalog } from "@/lib/permissions/catalog";
import { permissionCatalog } from "@/lib/permissions/schema";

export const GET = endpoint(
  {
    summary: "List permissions",
    description: "Everything that can be permitted: the table from which tokens and roles are made.",
    answers: { 200: permissionCatalog },
  },
  () => ({ items: catalog, nextCursor: null }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods({ GET });
