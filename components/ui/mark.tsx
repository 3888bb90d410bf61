import { cx } from "./cx";

/** The logo: a mosaic of four tiles. It is decorative, so put the product's name in text beside it. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cx("size-5 shrink-0", className)}>
      <path className="fill-clay" d="M3 4.5A1.5 1.5 0 0 1 4.5 3h6.25v7.75H3z" />
      <path className="fill-ink" d="M13.25 3h6.25A1.5 1.5 0 0 1 21 4.5v4.25h-7.75z" />
      <path className="fill-ink" d="M3 13.25h5.75V21H4.5A1.5 1.5 0 0 1 3 19.5z" />
      <path className="fill-muted" d="M11.25 13.25 13.25 11.25H21v8.25a1.5 1.5 0 0 1-1.5 1.5h-8.25z" />
    </svg>
  );
}
