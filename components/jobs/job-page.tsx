"use client";

import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts, Section } from "@/components/ui/section";
import { runPageOf } from "@/components/workspaces/run-page-url";
import type { JobView, LogLine } from "@/lib/jobs/schema";
import { resultSize } from "../results/result-size";
import { DownloadResult, ResultView } from "../results/result-view";
import { finishedRunOf } from "../results/use-result";
import { outputName } from "../workspaces/output-name";
import { CancelJob } from "./cancel-job";
import { JobDuration } from "./duration";
import { JobLog } from "./job-log";
import { JobProgress } from "./job-progress";
import { isUnderWay, JobStatus } from "./job-status";
import { JobTimes } from "./job-times";
import { SubmittedBy } from "./submitted-by";
import { jobPathOf, useFollowedRun } from "./use-followed-run";

/** Shows the status, parameters, result and log of a job. The page updates itself until the job has ended. */
export function JobPage({ opening, log }: { opening: JobView; log: LogLine[] }) {
  const router = useRouter();
  const { run: followed, setRun: setJob, problem } = useFollowedRun(opening, jobPathOf);
  const job = followed ?? opening;

  // The server renders the log, and each change of the status adds lines to it.
  useEffect(() => {
    if (job.status !== opening.status) router.refresh();
  }, [job.status, opening.status, router]);

  return (
    <>
      <PageHeader
        trail={[{ name: "Jobs", href: "/jobs" }]}
        title={`Job ${job.id}`}
        actions={
          <>
            {job.status === "succeeded" && <DownloadResult run={finishedRunOf(job)} />}
            {job.can.cancel && isUnderWay(job.status) && <CancelJob job={job} onCancelled={setJob} />}
            <ButtonLink href={runPageOf(job, job.parameters)} icon={<RotateCcw aria-hidden />}>
              Run again
            </ButtonLink>
          </>
        }
      />
      {problem && isUnderWay(job.status) && <Notice tone="warn">{problem}</Notice>}
      {job.status === "failed" && (
        <Notice tone="bad" title="The job failed">
          {job.reason}
        </Notice>
      )}
      {job.status === "cancelled" && <Notice title="The job was cancelled">{job.reason}</Notice>}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Section title="Run">
          <JobFacts job={job} />
        </Section>
        <Section title="Parameters">
          <JobParameters job={job} />
        </Section>
      </div>
      <Section title="Result" description={job.result ? resultSize(job.result) : undefined}>
        {job.status === "succeeded" ? (
          <ResultView run={finishedRunOf(job)} />
        ) : isUnderWay(job.status) ? (
          <JobProgress status={job.status} />
        ) : (
          <p className="text-muted">No result: the job {job.status === "failed" ? "failed" : "was cancelled"}.</p>
        )}
      </Section>
      <JobLog job={opening} log={log} />
    </>
  );
}

function JobFacts({ job }: { job: JobView }) {
  return (
    <Card>
      <Facts>
        <Fact name="Status">
          <span role="status">
            <JobStatus status={job.status} />
          </span>
        </Fact>
        <Fact name="Workspace">
          <Link href={runPageOf(job)} className="rounded-[4px] text-clay-ink underline underline-offset-2">
            {job.repository}/{job.workspace}
          </Link>
        </Fact>
        <Fact name="Submitted by">
          <SubmittedBy submittedBy={job.submittedBy} />
        </Fact>
        <Fact name="Submitted">
          <RelativeTime at={job.submittedAt} />
        </Fact>
        <Fact name="Started">{job.startedAt ? <RelativeTime at={job.startedAt} /> : "–"}</Fact>
        <Fact name="Finished">{job.finishedAt ? <RelativeTime at={job.finishedAt} /> : "–"}</Fact>
        <Fact name="Duration">
          <JobDuration job={job} />
        </Fact>
        <Fact name="Format">{outputName(job.output)}</Fact>
      </Facts>
      <JobTimes job={job} />
    </Card>
  );
}

function JobParameters({ job }: { job: JobView }) {
  const parameters = Object.entries(job.parameters);
  return (
    <Card>
      {parameters.length === 0 ? (
        <p className="text-muted">This workspace has no parameters.</p>
      ) : (
        <Facts>
          {parameters.map(([name, value]) => (
            <Fact key={name} name={<span className="font-mono text-sm">{name}</span>}>
              {value === null ? <span className="text-muted">Not set</span> : String(value)}
            </Fact>
          ))}
        </Facts>
      )}
    </Card>
  );
}
