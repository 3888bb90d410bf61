import { useEffect, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import type { JobView } from "@/lib/jobs/schema";
import { isUnderWay } from "../jobs/job-status";

/** Most runs take a tenth of a second. */
const delayMinMs = 60;
const delayMaxMs = 3000;
const delayGrowth = 1.3;

const unreachable = "Can't reach the server. The run continues, and this page keeps checking.";

export const jobPathOf = ({ id }: Pick<JobView, "id">) => `/api/v1/jobs/${id}` as const;

/**
 * Polls a run until it has ended, at intervals that grow from 0.06 to 3 seconds, and not while the page is hidden. If the
 * server cannot be reached, `problem` says so and the polling continues.
 *
 * @param pathOf the path to poll. Fields that the answer leaves out keep their values.
 */
export function useFollowedRun<Run extends Pick<JobView, "status">>(
  opening: Run | null,
  pathOf: (run: Run) => `/api/v1/${string}`,
) {
  const [run, setRun] = useState(opening);
  const [problem, setProblem] = useState<string | null>(null);
  const followed = run && isUnderWay(run.status) ? pathOf(run) : null;

  useEffect(() => {
    if (followed === null) return;
    const path = followed;
    let delayMs = delayMinMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;

    async function poll() {
      if (document.hidden) return;
      const outcome = await api<Run>("GET", path).catch(asProblem);
      if (!isCurrent) return;
      if (outcome instanceof ApiProblem) {
        setProblem(outcome.status === 0 ? unreachable : outcome.message);
        if (outcome.status === 404) return;
      } else {
        setProblem(null);
        setRun((before) => ({ ...before, ...outcome }));
      }
      scheduleNext();
    }

    function scheduleNext() {
      timer = setTimeout(poll, delayMs);
      delayMs = Math.min(delayMaxMs, delayMs * delayGrowth);
    }

    function onVisibilityChange() {
      clearTimeout(timer);
      delayMs = delayMinMs;
      if (!document.hidden) scheduleNext();
    }

    scheduleNext();
    document.addEventListener("visibilitychange", onVisibilityChange);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibilityChange);
    };
  }, [followed]);

  return { run, setRun, problem };
}

function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  throw error;
}
