"use client";

import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { api } from "@/components/forms/api";
import { jobPathOf, useFollowedRun } from "@/components/jobs/use-followed-run";
import { Notice } from "@/components/ui/notice";
import type { JobView } from "@/lib/jobs/schema";
import type { ParameterValue, WorkspaceView } from "@/lib/workspaces/schema";
import { isUnderWay } from "../jobs/job-status";
import { jobKey } from "./job-key";
import { openingValues, runParameters, type WrittenValues } from "./parameter-values";
import { runsPath } from "./run-command";
import { RunForm } from "./run-form";
import { RunOutcome } from "./run-outcome";
import { UseFromProgram } from "./use-from-program";

/**
 * Runs a workspace: the form is on the left and the result on the right. After a run, the URL holds the values and the
 * job, so that the page can be shared and reloaded.
 */
export function RunPage({
  workspace,
  given,
  opening,
}: {
  workspace: WorkspaceView;
  /** The values in the URL by parameter name. */
  given: Record<string, string | undefined>;
  /** The job in the URL, or null if there is none that the reader may see. */
  opening: JobView | null;
}) {
  const { parameters } = workspace;
  const [values, setValues] = useState<WrittenValues>(() => openingValues(parameters, given));
  const { run: job, setRun: setJob, problem } = useFollowedRun(opening, jobPathOf);
  const [, setUrl] = useQueryStates(useMemo(() => searchOf(parameters), [parameters]));

  async function run(given: Record<string, ParameterValue>) {
    const headers = { Prefer: "respond-async" };
    const submitted = await api<JobView>("POST", runsPath(workspace), { parameters: given }, headers);
    setJob(submitted);
    setUrl({ ...values, [jobKey]: submitted.id });
  }

  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[17.5rem_minmax(0,1fr)]">
        <RunForm
          label="Run the workspace"
          parameters={parameters}
          values={values}
          onChange={setValues}
          isUnderWay={job !== null && isUnderWay(job.status)}
          onRun={run}
          mayNot={workspace.can.run ? undefined : <MayNotRun workspace={workspace} />}
        />
        <RunOutcome job={job} problem={problem} onChange={setJob} />
      </div>
      <UseFromProgram workspace={workspace} parameters={runParameters(parameters, values)} />
    </>
  );
}

function MayNotRun({ workspace: { repository, name } }: { workspace: WorkspaceView }) {
  return (
    <Notice>
      You can view this workspace, but not run it. Ask its owner for the permission{" "}
      <code className="font-mono text-sm break-all">
        workspace/{repository}/{name}:run
      </code>
      .
    </Notice>
  );
}

function searchOf(parameters: WorkspaceView["parameters"]) {
  return { ...Object.fromEntries(parameters.map(({ name }) => [name, parseAsString])), [jobKey]: parseAsInteger };
}
