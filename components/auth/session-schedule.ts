/** In the last 5 of its 30 minutes, any request extends a session (design 3.3). */
const extendableBeforeMs = 5 * 60_000;
const graceMs = 1_000;

/**
 * Returns the milliseconds until the page checks its session again: as soon as the session can be extended, or when it has
 * ended if the last check could not extend it, because it is near its absolute limit.
 *
 * @param endsAt by this browser's clock.
 * @param checkedAt the time of the last check that the server answered.
 */
export function nextCheckMs(now: number, endsAt: number, checkedAt: number): number {
  const extendableAt = endsAt - extendableBeforeMs + graceMs;
  if (checkedAt < extendableAt) return Math.max(0, extendableAt - now);
  return Math.max(0, endsAt + graceMs - now);
}

/** True if the session can be extended or may have ended, for example after the computer has slept. */
export const isDue = (now: number, endsAt: number): boolean => now >= endsAt - extendableBeforeMs + graceMs;
