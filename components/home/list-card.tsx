import Link from "next/link";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/section";

/** A card with a heading that links to the whole list, and its first items. */
export function ListCard({
  title,
  href,
  link,
  empty,
  children,
}: {
  title: string;
  /** Where the whole list is. */
  href: string;
  /** The words of the link to it. */
  link: string;
  /** Shown in place of the items when there are none. */
  empty: string;
  children: ReactNode[];
}) {
  return (
    <Card flush className="flex flex-col">
      <div className="flex items-baseline justify-between gap-4 border-b border-line px-4 py-3">
        <h2 className="font-medium">{title}</h2>
        <Link href={href} className="rounded-[4px] text-sm text-clay-ink underline underline-offset-2">
          {link}
        </Link>
      </div>
      {children.length === 0 ? (
        <p className="px-4 py-3 text-muted">{empty}</p>
      ) : (
        <ul className="divide-y divide-line">{children}</ul>
      )}
    </Card>
  );
}

/** An item of a `ListCard`: its link at the left and a fact at the right. */
export function ListCardItem({ href, name, children }: { href: string; name: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-baseline justify-between gap-4 px-4 py-2">
      <Link href={href} className="min-w-0 truncate rounded-[4px] underline-offset-4 hover:underline">
        {name}
      </Link>
      <span className="shrink-0 text-sm text-muted">{children}</span>
    </li>
  );
}
