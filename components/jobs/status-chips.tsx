import { FilterChips } from "@/components/data-table/filter-chips";
import type { JobCounts } from "@/lib/jobs/schema";
import { statuses, statusWord } from "./job-status";
import { type JobSearch, jobsHref } from "./search";

/** Filters the jobs by status. */
export function StatusChips({ counts, search }: { counts: JobCounts["statuses"]; search: JobSearch }) {
  const chipOf = (status: JobSearch["status"], label: string, count: number) => ({
    label,
    count,
    href: jobsHref({ ...search, status, after: null }),
    isCurrent: search.status === status,
  });
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <FilterChips
      label="Filter by status"
      chips={[
        chipOf(null, "All", total),
        ...statuses.map((status) => chipOf(status, statusWord(status), counts[status])),
      ]}
    />
  );
}
