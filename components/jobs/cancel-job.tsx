"use client";

import { CircleStop } from "lucide-react";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { Button } from "@/components/ui/button";
import type { JobView } from "@/lib/jobs/schema";

/** A button that cancels a queued or running job. It does not ask first, because the job can be run again. */
export function CancelJob({ job, onCancelled }: { job: Pick<JobView, "id">; onCancelled: (job: JobView) => void }) {
  const { act, isBusy } = useAction();
  const cancel = () => act(async () => onCancelled(await cancelJob(job.id)));

  return (
    <Button busy={isBusy} onClick={cancel} icon={<CircleStop aria-hidden />}>
      Cancel<span className="sr-only"> job {job.id}</span>
    </Button>
  );
}

/** Cancels a job and returns it. Throws the API's refusal. */
export function cancelJob(id: number | string): Promise<JobView> {
  return api<JobView>("POST", `/api/v1/jobs/${id}/cancellation`);
}
