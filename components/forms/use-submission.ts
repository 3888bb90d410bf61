"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { useRequest } from "./use-request";

/** An error and the field it belongs to. A part of a field, like `permissions.3`, counts as the field. */
interface FieldProblem {
  message: string;
  field?: string;
}

/**
 * Sends a form to the API. A refusal is shown at the field that it names, and this field gets the focus. The form keeps its
 * input.
 *
 * @param fields the fields that show their errors. All other errors are in `errorElsewhere`.
 * @param onSessionEnd called when the session has ended. A form in a dialog closes it, because the sign-in dialog opens.
 */
export function useSubmission(fields: readonly string[], onSessionEnd?: () => void) {
  const form = useRef<HTMLFormElement>(null);
  const { isBusy, run } = useRequest();
  const [problem, setProblem] = useState<FieldProblem | null>(null);
  const errorField = problem?.field?.split(".")[0] ?? "";

  // The field is marked as invalid by then.
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>("[aria-invalid], [role=alert]:not(.hidden)")?.focus();
  }, [problem]);

  /** Runs the work of the form, unless it is already running. */
  async function submit(event: FormEvent, work: () => Promise<void>) {
    event.preventDefault();
    if (isBusy) return;
    setProblem(null);
    await run(work, { onRefused: setProblem, onSessionEnd });
  }

  return {
    form,
    isBusy,
    submit,
    /** Shows an error and moves the focus to it. */
    refuse: (refusal: FieldProblem) => setProblem(refusal),
    errorAt: (field: string) => (errorField === field ? problem?.message : undefined),
    errorElsewhere: fields.includes(errorField) ? undefined : problem?.message,
  };
}
