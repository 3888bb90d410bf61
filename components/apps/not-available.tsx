import type { ReactNode } from "react";

/** Visitors see the same page whether an app does not exist or does not run. */
export function NotAvailable({ children }: { children?: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center gap-2 py-16">
      <h1 className="text-xl font-semibold tracking-tight">This app is not available</h1>
      <p className="text-muted">
        It may be turned off, or the URL may be wrong. Ask the person who sent you this link.
      </p>
      {children}
    </div>
  );
}
