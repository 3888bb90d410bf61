"use client";

import { FieldGroup, useErrorUntilChange } from "@/components/forms/field";
import { Input } from "@/components/forms/input";
import { useServerNow } from "@/components/forms/server-clock";
import { cx } from "@/components/ui/cx";
import { exactTime } from "@/components/ui/relative-time";
import { expirationPresets } from "@/lib/tokens/schema";
import { dayOf, type Expiration, expiresAtOf } from "./expiration";

/** Chooses an expiration: a preset or a date. It shows the resulting time in the user's time zone. */
export function ExpirationField({
  value,
  onChange,
  error,
  current,
  presets = expirationPresets,
  legend = "Expires in",
}: {
  value: Expiration;
  onChange: (value: Expiration) => void;
  error?: string;
  /** The current expiration, if keeping it is an option. RFC 3339. */
  current?: string;
  presets?: readonly { title: string; days: number }[];
  legend?: string;
}) {
  // Times depend on the user's time zone, so they are shown after hydration.
  const now = useServerNow();
  const moment = now && (value.days === "current" && current ? new Date(current) : expiresAtOf(value, now));
  const { current: shownError, box, onChange: hideError } = useErrorUntilChange<HTMLDivElement>(error);
  const choices = [
    ...(current ? [{ days: "current" as const, title: "Keep current" }] : []),
    ...presets,
    { days: "date" as const, title: "Custom date" },
  ];

  return (
    <FieldGroup legend={legend} error={shownError}>
      <div ref={box} onChange={hideError} className="mt-1 flex flex-wrap gap-2">
        {choices.map(({ days, title }) => (
          <label
            key={days}
            className="flex h-8 items-center rounded border border-edge/60 bg-surface px-3 transition-colors hover:bg-sunken has-checked:border-clay has-checked:bg-clay-wash has-checked:font-medium has-checked:text-clay-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-clay"
          >
            <input
              type="radio"
              name="expiration"
              value={days}
              checked={value.days === days}
              onChange={() => onChange({ ...value, days })}
              className="sr-only"
            />
            {title}
          </label>
        ))}
        {value.days === "date" && (
          <Input
            type="date"
            aria-label="Expiration date"
            required
            aria-invalid={shownError ? true : undefined}
            value={value.date}
            min={now ? dayOf(now) : undefined}
            onChange={(event) => onChange({ days: "date", date: event.target.value })}
            className="w-40"
          />
        )}
      </div>
      <p className={cx("min-h-5 text-sm text-muted tabular-nums", Boolean(shownError) && "hidden")}>
        {moment && `${now && moment < now ? "Expired" : "Expires"} ${exactTime(moment)}`}
      </p>
    </FieldGroup>
  );
}
