/** The time, asked once per request at the door; rules take it from there as a parameter, so that tests can move it. */
export const now = (): Date => new Date();

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => minutes(60 * count);
export const days = (count: number) => hours(24 * count);

/** The moment this many milliseconds later (earlier when negative). */
export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);
