import { useEffect, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import type { JobView } from "@/lib/jobs/schema";
import { isUnderWay } from "../jobs/job-status";

const delayMinMs = 250;
const delayMaxMs = 3000;

const unreachable = "Can't reach the server. The run continues, and this page keeps checking.";

/** Where a job is asked after. */
export const jobPathOf = ({ id }: Pick<JobView, "id">) => `/api/v1/jobs/${id}` as const;

/**
 * A run, asked after until it is over: first after a quarter of a second, then at growing intervals up to three seconds,
 * not at all while the page is hidden. When the server cannot be reached, `problem` says so and the asking goes on.
 *
 * @param pathOf where it is asked after; what the answer leaves out stays as it was.
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
    let delay = delayMinMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isCurrent = true;

    async function look() {
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
      wait();
    }

    function wait() {
      timer = setTimeout(look, delay);
      delay = Math.min(delayMaxMs, delay * 1.5);
    }

    function onVisibilityChange() {
      clearTimeout(timer);
      delay = delayMinMs;
      if (!document.hidden) wait();
    }

    wait();
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
