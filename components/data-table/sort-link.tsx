import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

/** The header of a column that sorts: a link, so that the order is in the URL and the history. */
export function SortLink({
  column,
  now,
  descendingFirst = false,
  href,
  children,
}: {
  column: string;
  /** `name` or `-createdAt`: a minus means descending. */
  now: string;
  descendingFirst?: boolean;
  href: (sort: string) => string;
  children: ReactNode;
}) {
  const [first, second] = descendingFirst ? [`-${column}`, column] : [column, `-${column}`];
  const isSorted = now === first || now === second;
  const Arrow = now.startsWith("-") ? ArrowDown : ArrowUp;
  return (
    <Link
      href={href(now === first ? second : first)}
      scroll={false}
      replace
      className="group -mx-1 inline-flex h-6 items-center gap-1 rounded-[4px] px-1 hover:text-ink"
    >
      {children}
      {isSorted && <Arrow aria-hidden className="size-3.5" />}
    </Link>
  );
}
