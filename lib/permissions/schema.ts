import { z } from "zod";
import { normalizeText } from "../text";
import { parsePermission } from "./catalog";

const action = z.object({
  action: z.string(),
  title: z.string(),
  description: z.string(),
  implies: z.string().optional().describe("This action includes that one."),
});

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

export const permissionCatalog = z.object({ items: z.array(resourceType), nextCursor: z.null() });

const permission = z
  .string()
  .max(1000)
  .overwrite(normalizeText)
  .refine(
    (text) => parsePermission(text) !== null,
    "Unknown permission. GET /api/v1/permissions lists all permissions.",
  );

export const permissionList = z.array(permission).max(500);
