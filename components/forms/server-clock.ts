import { useEffect, useState, useSyncExternalStore } from "react";

/** How far the server's clock is ahead of the browser's. Null until the server has said its time. */
let aheadMs: number | null = null;
const listeners = new Set<() => void>();
const toleranceMs = 5_000;

/** Notes the server's present time, in milliseconds since 1970. NaN is ignored. */
export function noteServerTime(timeMs: number): void {
  const nextMs = timeMs - Date.now();
  if (Number.isNaN(nextMs) || (aheadMs !== null && Math.abs(nextMs - aheadMs) < toleranceMs)) return;
  aheadMs = nextMs;
  for (const listener of listeners) listener();
}

/** The server's time when the component was shown. Null while the page is rendered by the server. */
export function useServerNow(): Date | null {
  const knownAheadMs = useSyncExternalStore(
    subscribe,
    () => aheadMs,
    () => null,
  );
  const [now, setNow] = useState<Date | null>(null);
  useEffect(() => setNow(new Date(Date.now() + (knownAheadMs ?? 0))), [knownAheadMs]);
  return now;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
