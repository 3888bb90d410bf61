import { EmptyState } from "@/components/ui/empty-state";
import type { AppView } from "@/lib/apps/schema";
import type { JobView } from "@/lib/jobs/schema";
import { JobColumns, JobTable } from "../jobs/job-table";
import { jobsHref } from "../jobs/search";
import { ButtonLink } from "../ui/button-link";
import { appPath } from "./cells";

/** The latest runs by the app's visitors. */
export function AppRuns({ app, jobs, hasMore }: { app: AppView; jobs: JobView[]; hasMore: boolean }) {
  return (
    <JobTable
      title="Recent runs"
      jobs={jobs}
      tools={<JobColumns />}
      empty={
        <EmptyState title="No runs">
          {app.runs === 0
            ? `No one has run this app yet. Share its URL with visitors: ${appPath(app.slug)}`
            : "Finished runs are deleted after some time, and you only see runs that belong to you."}
        </EmptyState>
      }
      footer={hasMore && <ButtonLink href={jobsHref({ app: app.slug })}>View all runs</ButtonLink>}
    />
  );
}
