import type { ReactNode } from "react";

/** Replaces an empty list and offers the next step. `action` is one button or link. */
export function EmptyState({
  icon,
  title,
  action,
  children,
}: {
  icon?: ReactNode;
  title: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1 rounded border border-dashed border-line px-6 py-10 text-center wrap-anywhere">
      {icon && <div className="mb-2 text-muted [&_svg]:size-6">{icon}</div>}
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-prose text-balance text-muted">{children}</div>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  );
}
