import Link from "next/link";
import { cx } from "@/components/ui/cx";

export interface FilterChip {
  label: string;
  count: number;
  href: string;
  isCurrent: boolean;
}

/** Links that filter a list by one field, each with the number of items that it leads to. Back returns to the last filter. */
export function FilterChips({ label, chips }: { label: string; chips: FilterChip[] }) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-1.5">
        {chips.map((chip) => (
          <li key={chip.label}>
            <Link
              href={chip.href}
              scroll={false}
              prefetch={false}
              aria-current={chip.isCurrent ? "true" : undefined}
              className={cx(
                "inline-flex h-7 items-center gap-1.5 rounded border px-2.5 text-sm whitespace-nowrap",
                chip.isCurrent
                  ? "border-clay/40 bg-clay-wash font-medium text-clay-ink"
                  : "border-line bg-surface hover:bg-sunken",
              )}
            >
              {chip.label}
              <span className={cx("tabular-nums", !chip.isCurrent && "text-muted")}>{counts.format(chip.count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const counts = new Intl.NumberFormat("en");
