"use client";

import type { ReactNode } from "react";
import { Account } from "./account";
import { Sidebar } from "./sidebar";

/** The layout of every page for signed-in users: skip link, navigation, account menu, and the page in `main`. */
export function Shell({
  userName,
  administers,
  signOut,
  children,
}: {
  userName: string;
  /** True if the user may manage accounts. Then the navigation lists the administration pages. */
  administers: boolean;
  signOut: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="popup sr-only z-50 px-3 py-2 font-medium focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <Sidebar administers={administers} account={<Account userName={userName} signOut={signOut} />} />
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        <div className="mx-auto flex max-w-7xl flex-col gap-6 px-4 py-6 md:px-8 md:py-8">{children}</div>
      </main>
    </div>
  );
}
