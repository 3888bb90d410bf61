/** A session that was last extended 25 minutes ago ends in 5; from then on any request extends it (design 3.3). */
const extendableBefore = 5 * 60_000;
const grace = 1_000;

/**
 * When the open page looks at its session again, in milliseconds from now: as soon as it can be extended; if that did not
 * help (its absolute limit is near), when it has ended.
 *
 * @param endsAt as this browser's clock has it.
 * @param lookedAt the last look that the server answered.
 */
export function nextLook(now: number, endsAt: number, lookedAt: number): number {
  const extendableAt = endsAt - extendableBefore + grace;
  if (lookedAt < extendableAt) return Math.max(0, extendableAt - now);
  return Math.max(0, endsAt + grace - now);
}

/** Has so much time gone by, unseen perhaps, that the session may have ended or may be extended? */
export const isDue = (now: number, endsAt: number): boolean => now >= endsAt - extendableBefore + grace;
