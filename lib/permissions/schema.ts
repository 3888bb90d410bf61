import { z } from "zod";
import { parsePermission } from "./catalog";

const action = z.object({
  action: z.string(),
  title: z.string(),
  description: z.string(),
  implies: z.string().optional().describe("Holding this action means holding that one too."),
});

/** A row of the catalogue: what may be done to a kind of resource, in general and item by item. */
export const resourceType = z
  .object({
    resource: z.string().describe("As in `repositories:create`."),
    title: z.string(),
    general: z.array(action),
    item: z
      .object({
        resource: z.string().describe("As in `repository/Samples:run`."),
        title: z.string(),
        actions: z.array(action),
      })
      .nullable(),
  })
  .meta({ id: "ResourceType" });

/** GET /permissions: the whole catalogue, always on one page. */
export const permissionCatalog = z.object({ items: z.array(resourceType), nextCursor: z.null() });

const permission = z
  .string()
  .max(300)
  .refine((text) => parsePermission(text) !== null, "There is no such permission; GET /api/v1/permissions lists them.");

/** Permissions as a body lists them. */
export const permissionList = z.array(permission).max(500);
