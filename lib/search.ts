/** A Prisma filter for text that contains this, in any case. It escapes the wildcards of LIKE, which Prisma does not. */
export const containsText = (text: string) =>
  ({ contains: text.replace(/[\\%_]/g, "\\$&"), mode: "insensitive" }) as const;
