/** The current time. The entry point of a request reads it once and passes it on, so that tests can set it. */
export const now = (): Date => new Date();

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => minutes(60 * count);
export const days = (count: number) => hours(24 * count);

export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);
