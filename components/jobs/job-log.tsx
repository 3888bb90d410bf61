import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { saveText } from "@/components/ui/save-text";
import { Section } from "@/components/ui/section";
import type { JobView, LogLine } from "@/lib/jobs/schema";
import { useLiveLog } from "./use-live-log";

/** Shows the log of a job with the time of each line in UTC, and adds lines while the job runs. */
export function JobLog({ job, log }: { job: Pick<JobView, "id" | "status">; log: LogLine[] }) {
  const lines = useLiveLog(job, log);
  const save = () => saveText(`job-${job.id}.log`, lines.map(textOf).join(""));
  return (
    <Section
      title="Log"
      description={lines.length > 0 ? "Times are in UTC." : undefined}
      actions={
        lines.length > 0 && (
          <Button size="sm" icon={<Download aria-hidden />} onClick={save}>
            Download log
          </Button>
        )
      }
    >
      {lines.length === 0 ? <p className="text-muted">No log entries yet.</p> : <Lines lines={lines} />}
    </Section>
  );
}

const textOf = ({ at, level, text }: LogLine) => `${at} ${level} ${text}\n`;

function Lines({ lines }: { lines: LogLine[] }) {
  return (
    <div
      role="log"
      aria-label="Log"
      className="overflow-x-auto rounded border border-line bg-surface px-4 py-3 font-mono text-sm"
    >
      <ol>
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
          <li key={at} className="grid grid-cols-[auto_auto_1fr] gap-x-3">
            <time dateTime={line.at} className="text-muted tabular-nums">
              {line.at.slice(11, 23)}
            </time>
            <span className={line.level === "error" ? "text-bad" : "text-muted"}>{line.level}</span>
            <span className="whitespace-pre-wrap break-words">{line.text}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
