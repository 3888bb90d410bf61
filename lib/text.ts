// Browser code imports this file, so it imports nothing.

/** PostgreSQL refuses text with a NUL character or half a surrogate pair. */
export const isStorable = (value: unknown): boolean => typeof value !== "string" || !/\0|\p{Cs}/u.test(value);

/** The URL of a page can contain what the search field does not accept. `lengthMax` is in UTF-16 code units. */
export const sanitizeSearch = (text: string, lengthMax = 100): string =>
  text
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim()
    .slice(0, lengthMax);
