"use client";

import { type ReactNode, useEffect } from "react";

/** Shows a secret that cannot be shown again. A click selects all of it. `children` are the buttons below it. */
export function SecretValue({ label, text, children }: { label: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">{label}</p>
      <code className="block rounded border border-line bg-sunken px-3 py-2 font-mono text-sm wrap-anywhere whitespace-pre-wrap select-all">
        {text}
      </code>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}

/** Keeps the user on the page: the Back button has no effect, and the browser asks before it closes the page. */
export function useLeaveGuard() {
  useEffect(() => {
    const stay = () => window.history.pushState(window.history.state, "", window.location.href);
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    stay();
    window.addEventListener("popstate", stay);
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("popstate", stay);
      window.removeEventListener("beforeunload", ask);
    };
  }, []);
}
