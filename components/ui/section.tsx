import { type ReactNode, useId } from "react";
import { cx } from "./cx";

/** A part of a page with its own heading and `actions` beside the heading. */
export function Section({
  title,
  description,
  actions,
  className,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cx("flex flex-col gap-3", className)}>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {description && <p className="text-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** A box with a border. Use `flush` for content with its own padding, such as a table or a list. */
export function Card({
  flush = false,
  className,
  children,
}: {
  flush?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return <div className={cx("rounded border border-line bg-surface", !flush && "p-4", className)}>{children}</div>;
}

/** A list of names with their values. Its children are `Fact`. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-1 items-baseline gap-x-6 gap-y-1 sm:grid-cols-[fit-content(50%)_minmax(0,1fr)] sm:gap-y-2">
      {children}
    </dl>
  );
}

export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="min-w-0 wrap-anywhere text-muted">{name}</dt>
      <dd className="mb-2 min-w-0 break-words sm:mb-0">{children}</dd>
    </>
  );
}
