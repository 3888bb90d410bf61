/** A Prisma filter for text that contains this, in any case. It escapes the wildcards of LIKE, which Prisma does not. */
export const containsText = (text: string) => ({ contains: withoutWildcards(text), mode: "insensitive" }) as const;

/** The same as a pattern of ILIKE. */
export const patternOf = (text: string) => `%${withoutWildcards(text)}%`;

const withoutWildcards = (text: string) => text.replace(/[\\%_]/g, "\\$&");
