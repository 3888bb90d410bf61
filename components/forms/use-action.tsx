"use client";

import { lazy, type ReactNode, Suspense, useState } from "react";
import { ApiProblem } from "@/components/forms/api";
import { notify } from "@/components/ui/toaster";

const ConfirmDialog = lazy(() =>
  import("@/components/ui/confirm-dialog").then((module) => ({ default: module.ConfirmDialog })),
);

/** Asked before something that cannot be taken back, or that hurts. */
interface Confirmation {
  title: string;
  /** The verb and its object: "Remove role". */
  confirm: string;
  tone?: "danger" | "primary";
  /** What will happen, in a sentence or two. */
  says: string;
}

/**
 * One thing after the other that is done by a request. `act` does it at once, and a message says what was refused; `ask` asks
 * first, and what was refused is said where it was asked. Both take the work: the request and what follows it. Render `dialog`
 * once.
 */
export function useAction(): {
  act: (work: () => Promise<void>) => Promise<void>;
  ask: (question: Confirmation, work: () => Promise<void>) => void;
  isBusy: boolean;
  dialog: ReactNode;
} {
  const [asked, setAsked] = useState<{ question: Confirmation; work: () => Promise<void> } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function carryOut(work: () => Promise<void>, onRefused: (message: string) => void) {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      setAsked(null);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) setAsked(null);
      else onRefused(error.message);
    } finally {
      setBusy(false);
    }
  }

  function ask(question: Confirmation, work: () => Promise<void>) {
    setProblem(undefined);
    setAsked({ question, work });
  }

  const dialog = asked && (
    <Suspense>
      <ConfirmDialog
        open
        onOpenChange={() => setAsked(null)}
        title={asked.question.title}
        confirm={asked.question.confirm}
        tone={asked.question.tone}
        busy={isBusy}
        error={problem}
        onConfirm={() => carryOut(asked.work, setProblem)}
      >
        <p>{asked.question.says}</p>
      </ConfirmDialog>
    </Suspense>
  );
  return { act: (work) => carryOut(work, notify.error), ask, isBusy, dialog };
}
