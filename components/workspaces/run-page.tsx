"use client";

import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import type { JobView } from "@/lib/jobs/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { RunOutcome } from "../jobs/run-outcome";
import { useFollowedJob } from "../jobs/use-followed-job";
import { openingValues, runParameters, type WrittenValues } from "./parameter-values";
import { jobKey } from "./run-address";
import { RunForm } from "./run-form";
import { UseFromProgram } from "./use-from-program";

/**
 * Runs a workspace: the form on one side, what came of it on the other. Once run, the values and the job are in the
 * address, so that the page can be shared and reloaded.
 */
export function RunPage({
  workspace,
  given,
  opening,
}: {
  workspace: WorkspaceView;
  /** Values from the address, by parameter name. */
  given: Record<string, string | undefined>;
  /** The job from the address, if there is one to see. */
  opening: JobView | null;
}) {
  const { parameters } = workspace;
  const [values, setValues] = useState<WrittenValues>(() => openingValues(parameters, given));
  const { job, setJob, problem } = useFollowedJob(opening);
  const [, setAddress] = useQueryStates(useMemo(() => addressOf(parameters), [parameters]));

  function submitted(submittedJob: JobView) {
    setJob(submittedJob);
    setAddress({ ...values, [jobKey]: submittedJob.id });
  }

  return (
    <>
      <div className="grid items-start gap-6 lg:grid-cols-[17.5rem_minmax(0,1fr)]">
        <RunForm workspace={workspace} values={values} onChange={setValues} job={job} onSubmitted={submitted} />
        <RunOutcome job={job} problem={problem} onChange={setJob} />
      </div>
      <UseFromProgram workspace={workspace} parameters={runParameters(parameters, values)} />
    </>
  );
}

function addressOf(parameters: WorkspaceView["parameters"]) {
  return { ...Object.fromEntries(parameters.map(({ name }) => [name, parseAsString])), [jobKey]: parseAsInteger };
}
