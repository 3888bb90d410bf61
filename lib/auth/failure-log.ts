import { minutes } from "../clock";
import { log } from "../log";
import { perProcess } from "../per-process";

/** Strangers can cause failures at any rate, so only this many are logged in a minute. The next line after that has the
 * number of those that were left out. */
export const failuresLoggedMax = 100;

const windowOf = perProcess("logged sign-in failures", () => ({ beganMs: 0, count: 0 }));

/** Logs a sign-in with the identity provider that failed. */
export function logFailure(reason: string, code = "IDENTITY_PROVIDER"): void {
  const window = windowOf();
  const omitted = Math.max(window.count - failuresLoggedMax, 0);
  const isOver = performance.now() - window.beganMs >= minutes(1);
  if (isOver) Object.assign(window, { beganMs: performance.now(), count: 0 });
  window.count++;
  if (window.count > failuresLoggedMax) return;
  log.error({ code, reason, ...(isOver && omitted > 0 && { omitted }) }, "a sign-in failed");
}
