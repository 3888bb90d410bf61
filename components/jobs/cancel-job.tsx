"use client";

import { CircleStop } from "lucide-react";
import { useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import type { JobView } from "@/lib/jobs/schema";

/** A button that cancels a queued or running job. It does not ask first, because the job can be run again. */
export function CancelJob({ job, onCancelled }: { job: Pick<JobView, "id">; onCancelled: (job: JobView) => void }) {
  const [busy, setBusy] = useState(false);

  async function cancel() {
    setBusy(true);
    const cancelled = await cancelJob(job.id);
    setBusy(false);
    if (cancelled) onCancelled(cancelled);
  }

  return (
    <Button busy={busy} onClick={cancel} icon={<CircleStop aria-hidden />}>
      Cancel<span className="sr-only"> job {job.id}</span>
    </Button>
  );
}

/** Cancels a job and returns it. After a refusal it shows the reason and returns null. */
export async function cancelJob(id: number | string): Promise<JobView | null> {
  try {
    return await api<JobView>("POST", `/api/v1/jobs/${id}/cancellation`);
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (!error.endsSession) notify.error(error.message);
    return null;
  }
}
