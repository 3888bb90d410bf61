import type { ReactNode } from "react";
import { cx } from "./cx";

/** The shapes are masks in app/globals.css. */
const tones = {
  ok: "status status-ok",
  off: "status status-off",
  over: "status status-over",
  warn: "status status-warn",
  bad: "status status-bad",
  busy: "status status-busy",
  idle: "status status-idle",
};

export type StatusTone = keyof typeof tones;

/** A status as a word and a shape, so that it does not depend on colour alone. */
export function Status({ tone, children }: { tone: StatusTone; children: ReactNode }) {
  return <span className={tones[tone]}>{children}</span>;
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
