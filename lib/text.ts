// Rules of text. Browser code imports this file, so it imports nothing.

/** Whether the database can store a value: PostgreSQL refuses text with a NUL character or half a surrogate pair. */
export const isStorable = (value: unknown): boolean => typeof value !== "string" || !/\0|\p{Cs}/u.test(value);

/**
 * A search text from the URL of a page, which can be longer than the search field allows and contain characters that
 * the field does not accept.
 *
 * @param lengthMax in UTF-16 code units.
 */
export const sanitizeSearch = (text: string, lengthMax = 100): string =>
  text
    .replace(/[\p{Cc}\p{Cs}]/gu, "")
    .trim()
    .slice(0, lengthMax);
