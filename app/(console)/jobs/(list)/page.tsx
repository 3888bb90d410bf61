import type { SearchParams } from "nuqs/server";
import { Pager } from "@/components/data-table/pager";
import { TableToolbar } from "@/components/data-table/table-toolbar";
import { JobFilters } from "@/components/jobs/job-filters";
import { JobColumns, JobTable } from "@/components/jobs/job-table";
import { NoJobs } from "@/components/jobs/no-jobs";
import { type JobSearch, jobsHref, loadJobSearch } from "@/components/jobs/search";
import { PageHeader } from "@/components/ui/page-header";
import { listApps } from "@/lib/apps/queries";
import { requireActor } from "@/lib/auth/current-actor";
import { listJobs } from "@/lib/jobs/queries";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { normalizeText } from "@/lib/text";
import { listWorkspaces } from "@/lib/workspaces/queries";
import { readPage } from "../../read-page";

export const metadata = { title: "Jobs" };

const pageSize = 25;
const workspacesMax = 100;
const appsMax = 100;

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadJobSearch(searchParams);
  const { status, repository, workspace, app, after } = search;
  const [jobs, workspaces, apps] = await Promise.all([
    jobsOf(who, search),
    listWorkspaces(who, { limit: workspacesMax }),
    may(who, "apps:access") ? listApps(who, { sort: "name", limit: appsMax }) : { items: [] },
  ]);
  const everybodys = may(who, "jobs:manage");

  return (
    <>
      <PageHeader title="Jobs" description={everybodys ? "Workspace runs of all users." : "Your workspace runs."} />
      <TableToolbar
        filters={
          <JobFilters
            workspaces={workspaces.items.map(({ repository, name }) => ({ repository, name }))}
            apps={apps.items.map(({ slug, name }) => ({ slug, name }))}
          />
        }
        columns={<JobColumns />}
      />
      <JobTable
        title="Jobs"
        jobs={jobs.items}
        empty={<NoJobs isFiltered={Boolean(status || repository || workspace || app || after)} />}
        footer={
          <Pager
            name="Jobs"
            first={after ? jobsHref({ ...search, after: null }) : null}
            next={jobs.nextCursor ? jobsHref({ ...search, after: jobs.nextCursor }) : null}
          />
        }
      />
    </>
  );
}

function jobsOf(who: Actor, { status, repository, workspace, app, after }: JobSearch) {
  const filter = {
    status: status ?? undefined,
    repository: repository === null ? undefined : normalizeText(repository),
    workspace: workspace === null ? undefined : normalizeText(workspace),
    app: app ?? undefined,
  };
  return readPage(
    () => listJobs(who, { ...filter, cursor: after ?? undefined, limit: pageSize }),
    jobsHref({ ...filter, after: null }),
  );
}
