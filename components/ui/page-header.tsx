"use client";

import Link from "next/link";
import type { ReactNode } from "react";

/** The header of a page: breadcrumbs, the only `h1`, a description, and `actions` with at most one primary button. */
export function PageHeader({
  title,
  description,
  trail = [],
  actions,
}: {
  title: ReactNode;
  description?: ReactNode;
  /** The pages above this one, outermost first. Without `href` the name is not a link. */
  trail?: { name: string; href?: string }[];
  actions?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {trail.length > 0 && (
          <nav aria-label="Breadcrumb" className="mb-1 text-sm text-muted">
            <ol className="flex flex-wrap items-center gap-x-1.5">
              {trail.map((step) => (
                <li
                  key={step.name}
                  className="flex items-center gap-1.5 not-last:after:text-edge not-last:after:content-['/']"
                >
                  {step.href ? (
                    <Link href={step.href} className="inline-flex min-h-6 items-center rounded-[4px] hover:text-ink">
                      {step.name}
                    </Link>
                  ) : (
                    step.name
                  )}
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
        {description && <p className="mt-1 max-w-prose text-muted">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
