import type { SearchParams } from "nuqs/server";
import { Pager } from "@/components/data-table/pager";
import { TableToolbar } from "@/components/data-table/table-toolbar";
import { JobFilters } from "@/components/jobs/job-filters";
import { JobColumns, JobTable } from "@/components/jobs/job-table";
import { NoJobs } from "@/components/jobs/no-jobs";
import { RunsPerDay } from "@/components/jobs/runs-per-day";
import { isFiltered, type JobSearch, jobsHref, loadJobSearch, selectionOf } from "@/components/jobs/search";
import { StatusChips } from "@/components/jobs/status-chips";
import { PageHeader } from "@/components/ui/page-header";
import { listApps } from "@/lib/apps/queries";
import { requireActor } from "@/lib/auth/current-actor";
import { countJobs } from "@/lib/jobs/counts";
import { listJobs } from "@/lib/jobs/queries";
import type { Actor } from "@/lib/permissions/actor";
import { may } from "@/lib/permissions/effective";
import { listWorkspaces } from "@/lib/workspaces/queries";
import { readPage } from "../../read-page";

export const metadata = { title: "Jobs" };

const pageSize = 25;
const workspacesMax = 100;
const appsMax = 100;

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const who = await requireActor();
  const search = await loadJobSearch(searchParams);
  const { after } = search;
  const [jobs, counts, workspaces, apps] = await Promise.all([
    jobsOf(who, search),
    countJobs(who, selectionOf(search)),
    listWorkspaces(who, { limit: workspacesMax }),
    may(who, "apps:access") ? listApps(who, { sort: "name", limit: appsMax }) : { items: [] },
  ]);
  const everybodys = may(who, "jobs:manage");

  return (
    <>
      <PageHeader title="Jobs" description={everybodys ? "Workspace runs of all users." : "Your workspace runs."} />
      <RunsPerDay days={counts.days} />
      <StatusChips counts={counts.statuses} search={search} />
      <TableToolbar
        filters={
          <JobFilters
            workspaces={workspaces.items.map(({ repository, name }) => ({ repository, name }))}
            apps={apps.items.map(({ slug, name }) => ({ slug, name }))}
            showsUsers={everybodys}
          />
        }
        columns={<JobColumns />}
      />
      <JobTable
        title="Jobs"
        jobs={jobs.items}
        empty={<NoJobs isFiltered={isFiltered(search) || after !== null} />}
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

function jobsOf(who: Actor, search: JobSearch) {
  const { status, after } = search;
  return readPage(
    () =>
      listJobs(who, {
        ...selectionOf(search),
        status: status ?? undefined,
        cursor: after ?? undefined,
        limit: pageSize,
      }),
    jobsHref({ ...search, after: null }),
  );
}
