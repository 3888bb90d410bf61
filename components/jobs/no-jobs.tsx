import { ListChecks } from "lucide-react";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { jobsHref } from "./search";

/** Says that there are no jobs to show, and what to do about it. */
export function NoJobs({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState title="No job fits" action={<ButtonLink href={jobsHref()}>Show all jobs</ButtonLink>}>
        There are none with this status, workspace and app.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<ListChecks aria-hidden />}
      title="No jobs yet"
      action={<ButtonLink href="/workspaces">Choose a workspace</ButtonLink>}
    >
      Run a workspace, here or from a program with one of your tokens; each run is kept here with its result.
    </EmptyState>
  );
}
