import type { JobView } from "@/lib/jobs/schema";
import { durationInWords } from "./duration";

/** A bar of how long a finished job waited and ran. Nothing for a job that never started. */
export function JobTimes({ job: { submittedAt, startedAt, finishedAt } }: { job: JobView }) {
  if (startedAt === null || finishedAt === null) return null;
  const queuedMs = Date.parse(startedAt) - Date.parse(submittedAt);
  const runningMs = Date.parse(finishedAt) - Date.parse(startedAt);
  return (
    <div className="mt-3 flex flex-col gap-1.5">
      <div aria-hidden className="flex h-2 gap-[2px]">
        <div className="min-w-[2px] rounded-l-full bg-edge" style={{ flexGrow: Math.max(queuedMs, 0) }} />
        <div className="min-w-[2px] rounded-r-full bg-clay" style={{ flexGrow: Math.max(runningMs, 1) }} />
      </div>
      <p className="flex flex-wrap gap-x-4 text-sm text-muted tabular-nums">
        <span>Queued {durationInWords(queuedMs)}</span>
        <span>Running {durationInWords(runningMs)}</span>
      </p>
    </div>
  );
}
