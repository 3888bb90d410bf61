"use client";

import { type ReactNode, useEffect } from "react";

/** Text that is shown this once, easily selected whole, with what can be done with it below. */
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

/** Keeps the reader on the page: Back stays there, and closing it asks first. */
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
