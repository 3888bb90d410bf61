import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

/** The header of a column that sorts: a link, so that the order is in the URL and the history. */
export function SortLink({
  sorted,
  href,
  children,
}: {
  /** How the table is sorted by this column now. */
  sorted: "asc" | "desc" | null;
  /** The page in the order that the link gives. */
  href: string;
  children: ReactNode;
}) {
  return (
    <Link
      href={href}
      scroll={false}
      replace
      className="group -mx-1 inline-flex h-6 items-center gap-1 rounded-[4px] px-1 hover:text-ink"
    >
      {children}
      {sorted === "desc" && <ArrowDown aria-hidden className="size-3.5" />}
      {sorted === "asc" && <ArrowUp aria-hidden className="size-3.5" />}
    </Link>
  );
}
