/**
 * A Prisma filter for text that has this in it, whatever the case of the letters. `%` and `_`, which mean something to
 * SQL's LIKE and which Prisma lets through, are themselves.
 */
export const containsText = (text: string) =>
  ({ contains: text.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" }) as const;
