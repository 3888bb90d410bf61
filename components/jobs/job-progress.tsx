import type { JobStatus } from "@/lib/jobs/schema";

/** Shows that a job is queued or running. It shows no share, because the progress of a job is not known. */
export function JobProgress({
  status,
  meanwhile = "You can leave this page; the job keeps running.",
}: {
  status: JobStatus;
  meanwhile?: string;
}) {
  return (
    <div className="flex flex-col items-center gap-3 rounded border border-dashed border-line px-6 py-10 text-center">
      <div aria-hidden className="h-1 w-40 animate-pulse rounded-full bg-clay" />
      <p className="text-muted">
        {status === "queued" ? "Queued. It starts as soon as there is capacity." : `Running. ${meanwhile}`}
      </p>
    </div>
  );
}
