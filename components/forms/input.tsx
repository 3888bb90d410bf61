"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "../ui/cx";
import { useFieldControl } from "./field";

/** A one-line text control. Inside a `Field` it gets its id, description and validity from the field. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...useFieldControl()} {...rest} className={cx("control h-8 px-2.5", className)} />;
}

/** An `Input` for a name that becomes part of URLs. */
export function NameInput({ onChange, ...rest }: { value: string; onChange: (name: string) => void }) {
  return (
    <Input
      name="name"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={100}
      {...rest}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** As the `ref` of an input, it moves the focus there and selects the text when the input is shown. */
export function selectText(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}

/** A text control with several lines. It grows with its text in browsers that support this. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={3}
      {...useFieldControl()}
      {...rest}
      className={cx("control field-sizing-content min-h-16 resize-y px-2.5 py-1.5", className)}
    />
  );
}

/** The browser's native select, which works with every keyboard and screen reader. Its children are `<option>`. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <span className={cx("relative block", className)}>
      <select {...useFieldControl()} {...rest} className="control h-8 appearance-none truncate pr-8 pl-2.5">
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2.5 size-4 text-muted" />
    </span>
  );
}
