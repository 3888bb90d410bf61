"use client";

import { useEffect, useReducer } from "react";

/**
 * Shows a time relative to now ("in 3 days"), and the exact time in the viewer's time zone on hover. The server renders the
 * words by its own clock, and the page updates them. The exact time is formatted on hover, because a page may show a hundred
 * times and the first use of a date format is slow.
 *
 * @param at in RFC 3339.
 */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  useEffect(() => subscribe(rerender), []);
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

/** Formats a time like `24 Nov 2025, 06:05:12 GMT+1`, in the viewer's time zone unless another one is given. */
export function exactTime(then: Date, timeZone?: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone });
    formats.set(timeZone, format);
  }
  return format.format(then);
}

// The creation of a format takes longer than the rendering of a table row.
const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/** Describes a time by its distance in the largest fitting unit: `in 3 days`, `2 hours ago`, `just now`. It counts days up to 60. */
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

/** The interval of the updates. It is also the tolerance at the limits of the units. */
const tickSeconds = 30;

// All times of the page share one timer. It runs only while a time is shown.
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
