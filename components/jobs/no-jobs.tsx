import { ListChecks } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { jobsHref } from "./search";

/** Replaces an empty table of jobs and offers the next step. */
export function NoJobs({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState title="No jobs found" action={<ButtonLink href={jobsHref()}>Show all jobs</ButtonLink>}>
        No jobs match these filters.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<ListChecks aria-hidden />}
      title="No jobs yet"
      action={<ButtonLink href="/workspaces">Choose a workspace</ButtonLink>}
    >
      Run a workspace here or through the API. Each run appears in this list with its result.
    </EmptyState>
  );
}
