"use client";

import { CircleStop, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { ApiProblem, api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import { workspacePathOf } from "@/components/workspaces/run-page-url";
import type { JobView } from "@/lib/jobs/schema";
import { cancelJob } from "./cancel-job";

/** The actions for the jobs that are selected in the table. Each job is changed by a request of its own. */
export function SelectedJobs({ selected, clear }: { selected: JobView[]; clear: () => void }) {
  const router = useRouter();
  const { act, isBusy } = useAction();
  const cancellable = selected.filter((job) => job.can.cancel);

  const changeEach = (done: string, jobs: JobView[], change: (job: JobView) => Promise<JobView>) =>
    act(async () => {
      const refusals = await refusalsOf(jobs, change);
      const changed = jobs.length - refusals.length;
      if (changed > 0) notify.success(`${done} ${countOf(changed)}`);
      if (refusals[0]) notify.error(`${countOf(refusals.length)} not changed: ${refusals[0].message}`);
      clear();
      router.refresh();
    });

  return (
    <>
      <Button
        size="sm"
        busy={isBusy}
        disabled={cancellable.length === 0}
        icon={<CircleStop aria-hidden />}
        onClick={() => changeEach("Cancelled", cancellable, ({ id }) => cancelJob(id))}
      >
        Cancel
      </Button>
      <Button
        size="sm"
        busy={isBusy}
        icon={<RotateCcw aria-hidden />}
        onClick={() => changeEach("Started again:", selected, runAgain)}
      >
        Run again
      </Button>
    </>
  );
}

/** Changes one job after the other, and returns the refusals. A session that has ended stops it. */
async function refusalsOf(jobs: JobView[], change: (job: JobView) => Promise<JobView>): Promise<ApiProblem[]> {
  const refusals: ApiProblem[] = [];
  for (const job of jobs) {
    try {
      await change(job);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.endsSession) throw error;
      refusals.push(error);
    }
  }
  return refusals;
}

const runAgain = ({ repository, workspace, parameters }: JobView) =>
  api<JobView>(
    "POST",
    `/api/v1${workspacePathOf({ repository, workspace })}/runs`,
    { parameters },
    { Prefer: "respond-async" },
  );

const countOf = (jobs: number) => (jobs === 1 ? "1 job" : `${jobs} jobs`);
