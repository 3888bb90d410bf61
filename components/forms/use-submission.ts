"use client";

import { type FormEvent, useEffect, useRef, useState } from "react";
import { useRequest } from "./use-request";
import { type FormInput, useUnsavedInput } from "./use-unsaved-input";

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
 * @param input of a form that fills a page: leaving it unsaved asks first, with `leaveDialog`, which the form renders once.
 */
export function useSubmission<Values = null>(
  fields: readonly string[],
  { onSessionEnd, input }: { onSessionEnd?: () => void; input?: FormInput<Values> } = {},
) {
  const form = useRef<HTMLFormElement>(null);
  const { accept, dialog: leaveDialog } = useUnsavedInput<unknown>(input ?? noInput);
  const isRefused = useRef(false);
  const { isBusy, run } = useRequest();
  const [problem, setProblem] = useState<FieldProblem | null>(null);
  const errorField = problem?.field?.split(".")[0] ?? "";

  // The field is marked as invalid by then.
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>("[aria-invalid], [role=alert]:not(.hidden)")?.focus();
  }, [problem]);

  /** Shows an error and moves the focus to it. */
  function refuse(refusal: FieldProblem) {
    isRefused.current = true;
    setProblem(refusal);
  }

  /** Runs the work of the form, unless it is already running. */
  async function submit(event: FormEvent, work: () => Promise<void>) {
    event.preventDefault();
    if (isBusy) return;
    setProblem(null);
    isRefused.current = false;
    const save = async () => {
      await work();
      if (!isRefused.current) accept();
    };
    await run(save, { onRefused: refuse, onSessionEnd });
  }

  return {
    form,
    isBusy,
    submit,
    refuse,
    leaveDialog,
    errorAt: (field: string) => (errorField === field ? problem?.message : undefined),
    errorElsewhere: fields.includes(errorField) ? undefined : problem?.message,
  };
}

const noInput: FormInput<null> = { values: null, restore: () => undefined };
