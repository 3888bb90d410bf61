import { cx } from "./cx";

/** A grey placeholder for content that loads. Set its width and height by class. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded bg-sunken", className)} />;
}

/** A placeholder for a table that loads. */
export function TableSkeleton({ rows = 5 }: { rows?: number }) {
  return (
    <div role="status" className="rounded border border-line bg-surface">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
        <div key={row} className="flex h-11 items-center gap-6 border-b border-line px-4 last:border-b-0">
          <Skeleton className="h-3 w-1/4" />
          <Skeleton className="h-3 w-1/6" />
          <Skeleton className="h-3 flex-1" />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
