import { useEffect, useState } from "react";
import type { JobView, LogLine } from "@/lib/jobs/schema";
import { isUnderWay } from "./job-status";
import { jobPathOf } from "./use-followed-run";

/**
 * The log of a job, with the lines that are written while the page is open.
 *
 * @param opening the job and its log as the server rendered them.
 */
export function useLiveLog(opening: Pick<JobView, "id" | "status">, log: LogLine[]): LogLine[] {
  const [live, setLive] = useState<LogLine[]>([]);
  const path = isUnderWay(opening.status) ? `${jobPathOf(opening)}/log/events` : null;

  useEffect(() => {
    if (path === null) return;
    const lines = new Map<string, LogLine>();
    const source = new EventSource(path);
    source.addEventListener("line", ({ data, lastEventId }) => {
      lines.set(lastEventId, JSON.parse(data));
      setLive([...lines.values()]);
    });
    source.addEventListener("job", ({ data }) => {
      if (!isUnderWay((JSON.parse(data) as JobView).status)) source.close();
    });
    return () => source.close();
  }, [path]);

  return live.length > log.length ? live : log;
}
