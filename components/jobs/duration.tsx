"use client";

import { useEffect, useState } from "react";
import type { JobView } from "@/lib/jobs/schema";
import { isUnderWay } from "./job-status";

/** Shows how long a job ran, or has been running so far. */
export function JobDuration({ job }: { job: Pick<JobView, "status" | "startedAt" | "finishedAt"> }) {
  const now = useSeconds(job.startedAt !== null && isUnderWay(job.status));
  const end = job.finishedAt === null ? now : Date.parse(job.finishedAt);
  if (job.startedAt === null || end === null) return <span className="text-muted">–</span>;
  return (
    <span className="tabular-nums">
      {durationInWords(end - Date.parse(job.startedAt))}
      {job.finishedAt === null && " so far"}
    </span>
  );
}

/** The time of the browser, updated every second while `isTicking`. Null otherwise, and on the server. */
function useSeconds(isTicking: boolean): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (!isTicking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => {
      clearInterval(timer);
      setNow(null);
    };
  }, [isTicking]);
  return now;
}

/** Formats a duration: `0.4 s`, `12 s`, `1 min 05 s`, `2 h 03 min`. */
export function durationInWords(durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1000;
  if (seconds < 9.95) return `${Math.max(seconds, durationMs > 0 ? 0.1 : 0).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

const pad = (count: number) => String(count).padStart(2, "0");
