"use client";

import { useEffect, useReducer } from "react";

/**
 * A moment in words relative to now ("in 3 days"), the exact one in the viewer's zone on hover.
 * The server renders the words by its own clock; the page keeps them true. What hovering shows is worked out when somebody hovers:
 * a page has a hundred moments, and the browser needs long to learn how a date is written.
 * `at` is RFC 3339.
 */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  useEffect(() => subscribe(look), []);
  const then = new Date(at);
  return (
    <time
      dateTime={at}
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = exactTime(then);
      }}
      className={className}
      suppressHydrationWarning
    >
      {relativeTime(then, new Date())}
    </time>
  );
}

/** `24 Nov 2025, 06:05:12 GMT+1`, in the viewer's zone unless one is given. */
export function exactTime(then: Date, timeZone?: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone });
    formats.set(timeZone, format);
  }
  return format.format(then);
}

// Making one costs more than a row of a table.
const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/** `in 3 days`, `2 hours ago`, `just now`: the largest unit that fits; days are counted up to 60. */
export function relativeTime(then: Date, now: Date): string {
  const seconds = (then.getTime() - now.getTime()) / 1000;
  const unit = units.find(({ from }) => Math.abs(seconds) >= from - tickSeconds);
  if (unit) {
    const count = Math.round(Math.abs(seconds) / unit.length);
    const words = `${count} ${unit.name}${count === 1 ? "" : "s"}`;
    return seconds > 0 ? `in ${words}` : `${words} ago`;
  }
  return seconds > 0 ? "in a moment" : "just now";
}

const day = 86_400;
const units = [
  { name: "year", length: 365 * day, from: 365 * day },
  { name: "month", length: 30 * day, from: 60 * day },
  { name: "day", length: day, from: day },
  { name: "hour", length: 3600, from: 3600 },
  { name: "minute", length: 60, from: 60 },
];

/** How often the page looks at the clock; what is off by less is the same moment. */
const tickSeconds = 30;

// One timer for all times of the page; it runs only while something is shown.
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, tickSeconds * 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}
