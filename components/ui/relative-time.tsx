"use client";

import { useSyncExternalStore } from "react";

/**
 * A moment in words relative to now ("in 3 days"), the exact one in the viewer's zone on hover.
 * The server renders both from its own clock and UTC; the page takes over after hydration and keeps them true.
 * `at` is RFC 3339.
 */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const ticked = useSyncExternalStore(subscribe, tick, () => null);
  const then = new Date(at);
  return (
    <time
      dateTime={at}
      title={exactTime(then, ticked === null ? "UTC" : undefined)}
      className={className}
      suppressHydrationWarning
    >
      {relativeTime(then, new Date())}
    </time>
  );
}

/** `24 Nov 2025, 06:05:12 GMT+1`, in the viewer's zone unless one is given. */
export function exactTime(then: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone }).format(then);
}

/** `in 3 days`, `2 hours ago`, `just now`: the largest unit that fits, rounded towards now. */
export function relativeTime(then: Date, now: Date): string {
  const seconds = (then.getTime() - now.getTime()) / 1000;
  const unit = units.find(([, length]) => Math.abs(seconds) >= length);
  return unit ? words.format(Math.trunc(seconds / unit[1]), unit[0]) : seconds > 0 ? "in a moment" : "just now";
}

const words = new Intl.RelativeTimeFormat("en", { numeric: "always" });

const day = 86_400;
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * day],
  ["month", 30 * day],
  ["day", day],
  ["hour", 3600],
  ["minute", 60],
];

// One timer for all times of the page; it runs only while something is shown.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let ticks = 0;

function tick() {
  return ticks;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    ticks += 1;
    for (const each of listeners) each();
  }, 30_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
