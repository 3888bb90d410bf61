import type { LogLine } from "@/lib/jobs/schema";

/** Shows the log of a job with the time of each line in UTC. */
export function JobLog({ lines }: { lines: LogLine[] }) {
  if (lines.length === 0) return <p className="text-muted">No log entries yet.</p>;
  return (
    <ol className="overflow-x-auto rounded border border-line bg-surface px-4 py-3 font-mono text-sm">
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
  );
}
