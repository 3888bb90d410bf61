import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

/** The look of a button, or of a link that looks like a button. */
export type Look = {
  /** Use `primary` at most once per view, and `danger` only for the button that finally confirms. */
  variant?: "primary" | "secondary" | "quiet" | "danger";
  size?: "md" | "sm";
  /** A lucide icon, shown before the label. */
  icon?: ReactNode;
};

/** A button. While `busy` it keeps its focus, tells screen readers that it is busy, and ignores clicks. */
export function Button({
  variant,
  size,
  icon,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: Look & { busy?: boolean } & ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || rest["aria-disabled"]}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cx(classesFor({ variant, size }), className)}
    >
      {icon}
      {children}
    </button>
  );
}

/** A square button with only an icon. `label` is its name for screen readers and its tooltip. */
export function IconButton({ label, className, children, ...rest }: { label: string } & ComponentProps<"button">) {
  return (
    <button type="button" title={label} aria-label={label} {...rest} className={cx("icon-button", className)}>
      {children}
    </button>
  );
}

const base =
  "inline-flex shrink-0 items-center justify-center gap-2 rounded border font-medium whitespace-nowrap transition-colors select-none " +
  "disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-progress aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0";

const variants = {
  primary: "border-transparent bg-clay text-on-clay hover:bg-clay-strong",
  secondary: "border-edge/60 bg-surface text-ink hover:bg-sunken",
  quiet: "border-transparent text-muted hover:bg-sunken hover:text-ink",
  danger: "border-transparent bg-bad-fill text-on-bad hover:bg-bad-fill-strong",
};

const sizes = { md: "h-8 px-3 text-base", sm: "h-7 px-2.5 text-sm" };

export function classesFor({ variant = "secondary", size = "md" }: Look): string {
  return cx(base, variants[variant], sizes[size]);
}
