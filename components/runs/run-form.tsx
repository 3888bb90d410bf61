"use client";

import { Play } from "lucide-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import type { ApiProblem } from "@/components/forms/api";
import { useRequest } from "@/components/forms/use-request";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Card } from "@/components/ui/section";
import type { ParameterValue, PublishedParameter } from "@/lib/workspaces/schema";
import { ParameterField } from "./parameter-field";
import { ownValue, problemsOf, runParameters, type WrittenValues } from "./parameter-values";

/** A form with a field for each published parameter. A field shows its error, found by the page or by the server. */
export function RunForm({
  label,
  action = "Run",
  parameters,
  values,
  onChange,
  isUnderWay,
  onRun,
  mayNot,
}: {
  /** What the form does, for screen readers. */
  label: string;
  /** The label of the button. */
  action?: string;
  parameters: readonly PublishedParameter[];
  values: WrittenValues;
  onChange: (values: WrittenValues) => void;
  /** True while the last run is queued or running. The form submits no other run during that time. */
  isUnderWay: boolean;
  /** Submits a run. A refusal that names `parameters.NAME` is shown at that field. */
  onRun: (parameters: Record<string, ParameterValue>) => Promise<void>;
  /** Replaces the button if the reader may not run the workspace. */
  mayNot?: ReactNode;
}) {
  const { form, problems, clearProblem, refusal, isBusy, send } = useRunSubmission(parameters, onRun);
  const busy = isBusy || isUnderWay;

  function run(event: FormEvent) {
    event.preventDefault();
    if (!busy) return send(values);
  }

  function change(name: string, value: string) {
    onChange({ ...values, [name]: value });
    clearProblem(name);
  }

  return (
    <Card className="lg:sticky lg:top-6">
      <form ref={form} noValidate onSubmit={run} aria-label={label} className="flex flex-col gap-4">
        {parameters.length === 0 && <p className="text-muted">This workspace has no parameters.</p>}
        {parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            value={ownValue(values, parameter.name) ?? ""}
            onChange={(value) => change(parameter.name, value)}
            error={ownValue(problems, parameter.name)}
          />
        ))}
        {/* 429 means too many runs at once. This is not an error in the input, so it is only a warning. */}
        {refusal && <Notice tone={refusal.status === 429 ? "warn" : "bad"}>{refusal.message}</Notice>}
        {mayNot ?? (
          <Button type="submit" variant="primary" busy={busy} icon={<Play aria-hidden />}>
            {busy ? "Running" : action}
          </Button>
        )}
      </form>
    </Card>
  );
}

/** Checks and submits a run. After an error, the focus moves to the first field that has one. */
function useRunSubmission(
  parameters: readonly PublishedParameter[],
  onRun: (parameters: Record<string, ParameterValue>) => Promise<void>,
) {
  const form = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const { isBusy, run } = useRequest();

  function show(found: Record<string, string>) {
    setProblems(found);
    const first = parameters.find(({ name }) => Object.hasOwn(found, name))?.name;
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  }

  async function send(values: WrittenValues) {
    const found = problemsOf(parameters, values);
    show(found);
    setRefusal(null);
    if (Object.keys(found).length > 0) return;
    await run(() => onRun(runParameters(parameters, values)), {
      onRefused(problem) {
        const name = problem.field?.replace(/^parameters\./, "");
        if (name && parameters.some((parameter) => parameter.name === name)) show({ [name]: problem.message });
        else setRefusal(problem);
      },
    });
  }

  function clearProblem(name: string) {
    if (Object.hasOwn(problems, name))
      setProblems(Object.fromEntries(Object.entries(problems).filter(([key]) => key !== name)));
  }

  return { form, problems, clearProblem, refusal, isBusy, send };
}
