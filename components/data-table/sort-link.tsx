import Link from "next/link";
import type { ReactNode } from "react";
import { Icon } from "@/components/ui/icon";
import * as shapes from "@/components/ui/icon-shapes";

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
      {sorted && <Icon of={sorted === "desc" ? shapes.arrowDown : shapes.arrowUp} className="size-3.5" />}
    </Link>
  );
}
