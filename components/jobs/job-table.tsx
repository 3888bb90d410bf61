"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { CircleStop, ExternalLink, Layers, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { DataTable } from "@/components/data-table/data-table";
import { defineTable, type Features } from "@/components/data-table/definition";
import { RowLink } from "@/components/data-table/row-link";
import type { TableSelection } from "@/components/data-table/table-selection";
import { useAction } from "@/components/forms/use-action";
import { MenuItem, MenuLink } from "@/components/ui/menu";
import { RelativeTime } from "@/components/ui/relative-time";
import { notify } from "@/components/ui/toaster";
import { runPageOf } from "@/components/workspaces/run-page-url";
import type { JobView } from "@/lib/jobs/schema";
import { cancelJob } from "./cancel-job";
import { JobDuration } from "./duration";
import { isUnderWay, JobStatus } from "./job-status";
import { SelectedJobs } from "./selected-jobs";
import { SubmittedBy } from "./submitted-by";
import { usePolling } from "./use-polling";

const column = createColumnHelper<Features, JobView>();

const definition = defineTable<JobView>({
  id: "jobs",
  rowId: (job) => String(job.id),
  rowName: (job) => `job ${job.id}`,
  columns: [
    column.display({
      id: "id",
      header: "Job",
      meta: { width: "w-20", rowHeader: true },
      cell: ({ row: { original: job } }) => (
        <RowLink
          href={`/jobs/${job.id}`}
          className="inline-flex min-h-6 items-center rounded-[4px] tabular-nums hover:underline"
        >
          {/* A card has no column header, so it needs this word. */}
          <span className="whitespace-pre @min-[44rem]:sr-only">Job </span>
          {job.id}
        </RowLink>
      ),
    }),
    column.display({
      id: "workspace",
      header: "Workspace",
      cell: ({ row: { original: job } }) => (
        <span>
          <span className="text-muted">{job.repository}/</span>
          {job.workspace}
        </span>
      ),
    }),
    column.display({
      id: "status",
      header: "Status",
      meta: { width: "w-32" },
      cell: ({ row }) => <JobStatus status={row.original.status} />,
    }),
    column.display({
      id: "submittedBy",
      header: "Submitted by",
      meta: { width: "w-52" },
      cell: ({ row }) => <SubmittedBy submittedBy={row.original.submittedBy} />,
    }),
    column.display({
      id: "submittedAt",
      header: "Submitted",
      meta: { width: "w-36" },
      cell: ({ row }) => <RelativeTime at={row.original.submittedAt} />,
    }),
    column.display({
      id: "duration",
      header: "Duration",
      meta: { width: "w-28" },
      cell: ({ row }) => <JobDuration job={row.original} />,
    }),
  ],
});

export const JobColumns = () => <ColumnsMenu of={definition} />;

/** A table of jobs. While one of them is queued or running, the page refreshes itself. */
export function JobTable({
  title,
  jobs,
  empty,
  tools,
  footer,
}: {
  title: string;
  jobs: JobView[];
  empty: ReactNode;
  /** Shown at the right of the heading. */
  tools?: ReactNode;
  footer: ReactNode;
}) {
  usePolling(jobs.some((job) => isUnderWay(job.status)));
  return (
    <DataTable
      definition={definition}
      title={title}
      rows={jobs}
      rowMenu={rowMenu}
      selection={selection}
      empty={empty}
      tools={tools}
      footer={footer}
    />
  );
}

const selection: TableSelection<JobView> = {
  actions: (selected, clear) => <SelectedJobs selected={selected} clear={clear} />,
};

const rowMenu = { items: (job: JobView) => <JobMenu job={job} /> };

function JobMenu({ job }: { job: JobView }) {
  const router = useRouter();
  const { act, isBusy } = useAction();
  const cancel = () =>
    act(async () => {
      await cancelJob(job.id);
      notify.success(`Cancelled job ${job.id}`);
      router.refresh();
    });

  return (
    <>
      <MenuLink href={`/jobs/${job.id}`} icon={<ExternalLink aria-hidden />}>
        Open
      </MenuLink>
      <MenuLink href={runPageOf(job, job.parameters)} icon={<RotateCcw aria-hidden />}>
        Run again
      </MenuLink>
      <MenuLink href={runPageOf(job)} icon={<Layers aria-hidden />}>
        Open the workspace
      </MenuLink>
      {job.can.cancel && (
        <MenuItem icon={<CircleStop aria-hidden />} disabled={isBusy} onClick={cancel}>
          Cancel
        </MenuItem>
      )}
    </>
  );
}
