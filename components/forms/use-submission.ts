"use client";

import { type FormEvent, useRef, useState } from "react";
import { ApiProblem } from "@/components/forms/api";

/** What is wrong, and with which input; a part of one (`permissions.3`) counts as the whole. */
interface Wrong {
  message: string;
  field?: string;
}

/**
 * Sends a form to the API. What is refused is said at the field it names, which gets the focus, and what was typed stays.
 *
 * @param fields that have a place for what is wrong with them; the rest is `errorElsewhere`.
 * @param onSessionEnd what a form in a dialog does when the session has ended: it makes room for the dialog about that.
 */
export function useSubmission(fields: readonly string[], onSessionEnd?: () => void) {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const at = wrong?.field?.split(".")[0] ?? "";

  /** Shows what is wrong and brings the reader there. */
  function refuse(refusal: Wrong) {
    setWrong(refusal);
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>("[aria-invalid], [role=alert]:not(.hidden)")?.focus(),
    );
  }

  /** Does the work of the form, once at a time. */
  async function submit(event: FormEvent, work: () => Promise<void>) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setWrong(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) onSessionEnd?.();
      else refuse(error);
    } finally {
      setBusy(false);
    }
  }

  return {
    form,
    isBusy,
    submit,
    refuse,
    errorAt: (field: string) => (at === field ? wrong?.message : undefined),
    errorElsewhere: fields.includes(at) ? undefined : wrong?.message,
  };
}
