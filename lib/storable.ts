/** Can the database hold this text? Not with a NUL character, nor with half a surrogate pair. */
export const isStorable = (text: unknown): boolean => typeof text !== "string" || !/\0|\p{Surrogate}/u.test(text);
