"use client";

import { Play } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Card } from "@/components/ui/section";
import type { JobView } from "@/lib/jobs/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { isUnderWay } from "../jobs/job-status";
import { ParameterField } from "./parameter-field";
import { problemsOf, runParameters, type WrittenValues } from "./parameter-values";
import { runsPath } from "./run-command";

/** The form made of a workspace's published parameters. What is wrong is told at the field, whoever found it. */
export function RunForm({
  workspace,
  values,
  onChange,
  job,
  onSubmitted,
}: {
  workspace: WorkspaceView;
  values: WrittenValues;
  onChange: (values: WrittenValues) => void;
  /** The job of the last run; while it is under way there is no second. */
  job: JobView | null;
  onSubmitted: (job: JobView) => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSending, setIsSending] = useState(false);
  const { parameters, can } = workspace;
  const busy = isSending || (job !== null && isUnderWay(job.status));

  function show(found: Record<string, string>) {
    setProblems(found);
    const first = parameters.find(({ name }) => name in found)?.name;
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  async function run(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const found = problemsOf(parameters, values);
    show(found);
    setRefusal(null);
    if (Object.keys(found).length > 0) return;
    setIsSending(true);
    try {
      const body = { parameters: runParameters(parameters, values) };
      onSubmitted(await api<JobView>("POST", runsPath(workspace), body, { Prefer: "respond-async" }));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const name = error.field?.replace(/^parameters\./, "");
      if (name && parameters.some((parameter) => parameter.name === name)) show({ [name]: error.message });
      else if (!error.endsSession) setRefusal(error.message);
    } finally {
      setIsSending(false);
    }
  }

  function change(name: string, value: string) {
    onChange({ ...values, [name]: value });
    if (name in problems) setProblems(Object.fromEntries(Object.entries(problems).filter(([key]) => key !== name)));
  }

  return (
    <Card className="lg:sticky lg:top-6">
      <form ref={form} noValidate onSubmit={run} aria-label="Run the workspace" className="flex flex-col gap-4">
        {parameters.length === 0 && <p className="text-muted">This workspace asks for nothing.</p>}
        {parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            value={values[parameter.name] ?? ""}
            onChange={(value) => change(parameter.name, value)}
            error={problems[parameter.name]}
          />
        ))}
        {refusal && <Notice tone="bad">{refusal}</Notice>}
        {can.run ? (
          <Button type="submit" variant="primary" busy={busy} icon={<Play aria-hidden />}>
            {busy ? "Running" : "Run"}
          </Button>
        ) : (
          <Notice>
            You may see this workspace but not run it. Ask its owner for the permission{" "}
            <code className="font-mono text-sm break-all">
              workspace/{workspace.repository}/{workspace.name}:run
            </code>
            .
          </Notice>
        )}
      </form>
    </Card>
  );
}
