import type { ReactNode } from "react";
import { cx } from "./cx";

const shapes = {
  /** Enabled or successful: a full disc. */
  ok: { colour: "text-ok", shape: <circle cx="6" cy="6" r="4" fill="currentColor" /> },
  /** Disabled or cancelled: a ring with a bar. */
  off: {
    colour: "text-muted",
    shape: (
      <path
        d="M2.5 6a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0M3.6 8.4l4.8-4.8"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    ),
  },
  /** Expired: an hourglass. */
  over: { colour: "text-muted", shape: <path d="M3 2h6L6 6zM6 6l3 4H3z" fill="currentColor" /> },
  /** Needs attention soon: a triangle. */
  warn: { colour: "text-warn", shape: <path d="M6 1.8 10.6 10H1.4z" fill="currentColor" /> },
  /** Failed: a diamond. */
  bad: { colour: "text-bad", shape: <path d="M6 1.2 10.8 6 6 10.8 1.2 6z" fill="currentColor" /> },
  /** Running: half a disc. */
  busy: {
    colour: "text-clay-ink",
    shape: (
      <>
        <circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M6 2.25a3.75 3.75 0 0 1 0 7.5z" fill="currentColor" />
      </>
    ),
  },
  /** Waiting: a ring. */
  idle: {
    colour: "text-muted",
    shape: <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  },
};

export type StatusTone = keyof typeof shapes;

/** A status as a word and a shape, so that it does not depend on colour alone. */
export function Status({ tone, children, className }: { tone: StatusTone; children: ReactNode; className?: string }) {
  const { colour, shape } = shapes[tone];
  return (
    <span className={cx("inline-flex items-center gap-1.5 whitespace-nowrap", className)}>
      <svg viewBox="0 0 12 12" aria-hidden="true" className={cx("size-3 shrink-0", colour)}>
        {shape}
      </svg>
      {children}
    </span>
  );
}

const badges = {
  neutral: "border-line bg-sunken text-muted",
  clay: "border-clay/25 bg-clay-wash text-clay-ink",
  warn: "border-warn/30 bg-warn-wash text-warn",
  bad: "border-bad/30 bg-bad-wash text-bad",
};

/** A small label beside a name. */
export function Badge({ tone = "neutral", children }: { tone?: keyof typeof badges; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex h-5 w-fit items-center gap-1 rounded-[4px] border px-1.5 text-xs whitespace-nowrap",
        badges[tone],
      )}
    >
      {children}
    </span>
  );
}
