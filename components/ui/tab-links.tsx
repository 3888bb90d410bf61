"use client";

import Link from "next/link";
import type { ReactNode } from "react";

/** Tabs that are links. They work without JavaScript, and with the browser's history. */
export function TabLinks({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: { id: string; name: ReactNode; href: string }[];
  current: string;
}) {
  return (
    <nav aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <Link key={tab.id} href={tab.href} aria-current={tab.id === current ? "page" : undefined} className={tabClass}>
          {tab.name}
        </Link>
      ))}
    </nav>
  );
}

const tabClass =
  "-mb-px flex h-9 shrink-0 items-center gap-2 border-b-2 border-transparent px-0.5 text-muted transition-colors hover:text-ink " +
  "focus-visible:-outline-offset-2 aria-[current=page]:border-clay aria-[current=page]:font-medium aria-[current=page]:text-ink";
