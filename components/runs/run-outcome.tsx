"use client";

import { Terminal } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import type { JobView } from "@/lib/jobs/schema";
import { CancelJob } from "../jobs/cancel-job";
import { JobDuration } from "../jobs/duration";
import { JobProgress } from "../jobs/job-progress";
import { isUnderWay, JobStatus } from "../jobs/job-status";
import { resultSize } from "../results/result-size";
import { DownloadResult, ResultView } from "../results/result-view";
import { finishedRunOf } from "../results/use-result";

/** Shows the progress of a run, and after its end the result or the reason of the failure. */
export function RunOutcome({
  job,
  problem,
  onChange,
}: {
  job: JobView | null;
  problem: string | null;
  onChange: (job: JobView) => void;
}) {
  if (job === null) {
    return (
      <EmptyState icon={<Terminal aria-hidden />} title="No result yet">
        Set the parameters, then run the workspace.
      </EmptyState>
    );
  }
  return (
    <section aria-label="Result" className="flex min-w-0 flex-col gap-4">
      <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2">
        <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <JobStatus status={job.status} />
          {job.result && <span className="tabular-nums">{resultSize(job.result)}</span>}
        </div>
        <span className="text-muted">
          <JobDuration job={job} />
        </span>
        <Link
          href={`/jobs/${job.id}`}
          className="inline-flex min-h-6 items-center rounded-[4px] text-clay-ink underline underline-offset-2"
        >
          Job {job.id}
        </Link>
        <div className="ml-auto flex gap-2">
          {job.status === "succeeded" && <DownloadResult run={finishedRunOf(job)} />}
          {isUnderWay(job.status) && job.can.cancel && <CancelJob job={job} onCancelled={onChange} />}
        </div>
      </div>
      {problem && isUnderWay(job.status) && <Notice tone="warn">{problem}</Notice>}
      {isUnderWay(job.status) && <JobProgress status={job.status} />}
      {job.status === "failed" && (
        <Notice tone="bad" title="The run failed">
          {job.reason}
        </Notice>
      )}
      {job.status === "cancelled" && <Notice title="The run was cancelled">{job.reason}</Notice>}
      {job.status === "succeeded" && <ResultView key={job.id} run={finishedRunOf(job)} />}
    </section>
  );
}
