"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import { useFollowedRun } from "@/components/jobs/use-followed-run";
import { Notice } from "@/components/ui/notice";
import type { AppRunView, PublicApp } from "@/lib/apps/schema";
import type { ParameterValue } from "@/lib/workspaces/schema";
import { JobProgress } from "../jobs/job-progress";
import { isUnderWay } from "../jobs/job-status";
import { resultSize } from "../results/result-size";
import { DownloadResult, ResultView } from "../results/result-view";
import type { FinishedRun } from "../results/use-result";
import { openingValues, type WrittenValues } from "../runs/parameter-values";
import { RunForm } from "../runs/run-form";

/** A run of this page. Its key is in the page's memory only, so that others with the URL cannot read the result. */
type VisitorsRun = AppRunView & { key: string; parameters: FinishedRun["parameters"] };

/** A public app: the form of its parameters, and the outcome of the last run. */
export function RunPublicApp({ app }: { app: PublicApp }) {
  const router = useRouter();
  const [values, setValues] = useState<WrittenValues>(() => openingValues(app.parameters, {}));
  const { run, setRun, problem } = useFollowedRun<VisitorsRun>(null, ({ key }) => `${runsPath(app)}/${key}`);

  async function start(parameters: Record<string, ParameterValue>) {
    try {
      const begun = await api<AppRunView & { key: string }>("POST", runsPath(app), { parameters });
      setRun({ ...begun, parameters });
    } catch (error) {
      // The app was disabled meanwhile; the refreshed page says so.
      if (error instanceof ApiProblem && error.status === 404) router.refresh();
      throw error;
    }
  }

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[17.5rem_minmax(0,1fr)]">
      <RunForm
        label={`Run ${app.name}`}
        action={run && !isUnderWay(run.status) ? "Run again" : "Run"}
        parameters={app.parameters}
        values={values}
        onChange={setValues}
        isUnderWay={run !== null && isUnderWay(run.status)}
        onRun={start}
      />
      <Outcome app={app} run={run} problem={problem} />
    </div>
  );
}

const runsPath = ({ slug }: PublicApp) => `/api/v1/apps/${slug}/runs` as const;

function Outcome({ app, run, problem }: { app: PublicApp; run: VisitorsRun | null; problem: string | null }) {
  const section = useRef<HTMLElement>(null);
  const isOver = run !== null && !isUnderWay(run.status);

  // On a narrow screen the result is below the form and not visible.
  useEffect(() => {
    if (isOver) section.current?.scrollIntoView({ block: "nearest" });
  }, [isOver]);

  if (!run) {
    return (
      <section
        aria-label="Result"
        className="hidden min-h-64 items-center justify-center rounded border border-dashed border-line px-6 text-center text-muted lg:flex"
      >
        No result yet
      </section>
    );
  }
  const finished = { ...run, resultPath: `${runsPath(app)}/${run.key}/result` };
  return (
    <section ref={section} aria-label="Result" className="flex min-w-0 scroll-mt-4 flex-col gap-3">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p role="status" className="font-medium tabular-nums">
          {run.result ? resultSize(run.result) : statusWords[run.status]}
        </p>
        {run.status === "succeeded" && <DownloadResult run={finished} />}
      </div>
      {problem && isUnderWay(run.status) && <Notice tone="warn">{problem}</Notice>}
      {isUnderWay(run.status) && (
        <JobProgress status={run.status} meanwhile="The result appears here when it's ready." />
      )}
      {(run.status === "failed" || run.status === "cancelled") && (
        <Notice tone={run.status === "failed" ? "bad" : "info"}>{run.message}</Notice>
      )}
      {run.status === "succeeded" && <ResultView key={run.key} run={finished} />}
    </section>
  );
}

const statusWords: Record<AppRunView["status"], string> = {
  queued: "Queued",
  running: "Running",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};
