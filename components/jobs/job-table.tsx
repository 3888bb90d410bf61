"use client";

import { CircleStop, ExternalLink, Layers, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import type { Column } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { RowLink } from "@/components/data-table/row-link";
import { MenuItem, MenuLink } from "@/components/ui/menu";
import { RelativeTime } from "@/components/ui/relative-time";
import { notify } from "@/components/ui/toaster";
import { runPageOf } from "@/components/workspaces/run-page-url";
import type { JobView } from "@/lib/jobs/schema";
import { cancelJob } from "./cancel-job";
import { JobDuration } from "./duration";
import { isUnderWay, JobStatus } from "./job-status";
import { SubmittedBy } from "./submitted-by";
import { usePolling } from "./use-polling";

type Row = Omit<JobView, "id"> & { id: string };

const columns: Column<Row>[] = [
  {
    header: "Job",
    width: "w-20",
    rowHeader: true,
    cell: (job) => (
      <RowLink
        href={`/jobs/${job.id}`}
        className="inline-flex min-h-6 items-center rounded-[4px] tabular-nums hover:underline"
      >
        {/* In a card there is no header to say it. */}
        <span className="whitespace-pre @min-[44rem]:sr-only">Job </span>
        {job.id}
      </RowLink>
    ),
  },
  {
    header: "Workspace",
    cell: (job) => (
      <span>
        <span className="text-muted">{job.repository}/</span>
        {job.workspace}
      </span>
    ),
  },
  {
    header: "Status",
    width: "w-32",
    cell: (job) => <JobStatus status={job.status} />,
  },
  {
    header: "Submitted by",
    width: "w-52",
    cell: (job) => <SubmittedBy submittedBy={job.submittedBy} />,
  },
  {
    header: "Submitted",
    width: "w-36",
    cell: (job) => <RelativeTime at={job.submittedAt} />,
  },
  {
    header: "Duration",
    width: "w-28",
    cell: (job) => <JobDuration job={job} />,
  },
];

/** Some jobs, newest first. While one of them is under way the page keeps itself true. */
export function JobTable({
  title,
  jobs,
  empty,
  footer,
}: {
  title: string;
  jobs: JobView[];
  empty: ReactNode;
  footer: ReactNode;
}) {
  usePolling(jobs.some((job) => isUnderWay(job.status)));
  return (
    <DataTable
      title={title}
      rows={jobs.map((job) => ({ ...job, id: String(job.id) }))}
      columns={columns}
      nameOf={(row) => `job ${row.id}`}
      rowMenu={(row) => <JobMenu job={row} />}
      empty={empty}
      footer={footer}
    />
  );
}

function JobMenu({ job }: { job: Row }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);

  async function cancel() {
    setBusy(true);
    if (await cancelJob(job.id)) {
      notify.success(`Cancelled job ${job.id}`);
      router.refresh();
    }
    setBusy(false);
  }

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
        <MenuItem icon={<CircleStop aria-hidden />} disabled={busy} onClick={cancel}>
          Cancel
        </MenuItem>
      )}
    </>
  );
}
