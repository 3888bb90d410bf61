import { EmptyState } from "@/components/ui/empty-state";
import type { AppView } from "@/lib/apps/schema";
import type { JobView } from "@/lib/jobs/schema";
import { JobColumns, JobTable } from "../jobs/job-table";
import { jobsHref } from "../jobs/search";
import { ButtonLink } from "../ui/button-link";
import { appPath } from "./cells";

/** The last runs of an app's visitors, each with its job. */
export function AppRuns({ app, jobs, hasMore }: { app: AppView; jobs: JobView[]; hasMore: boolean }) {
  return (
    <JobTable
      title="Last runs"
      jobs={jobs}
      tools={<JobColumns />}
      empty={
        <EmptyState title="No runs to show">
          {app.runs === 0
            ? `Nobody has run it yet. Send people to ${appPath(app.slug)}.`
            : "Its runs are kept for some time after they finished; those of others are theirs to see."}
        </EmptyState>
      }
      footer={hasMore && <ButtonLink href={jobsHref({ app: app.slug })}>All runs</ButtonLink>}
    />
  );
}
