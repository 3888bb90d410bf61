"use client";

import { type ReactNode, useState } from "react";
import { part } from "@/components/parts/part";
import { notify } from "@/components/ui/toaster";
import { useRequest } from "./use-request";

const ConfirmDialog = part(async () => ({ default: (await import("@/components/ui/confirm-dialog")).ConfirmDialog }), {
  onClose: ({ onOpenChange }) => onOpenChange(false),
});

/** The text of the dialog before an action that cannot be undone or that has serious effects. */
interface Confirmation {
  title: string;
  /** The button's label, a verb and its object: "Remove role". */
  confirm: string;
  tone?: "danger" | "primary";
  /** The effects of the action in a sentence or two. */
  text: string;
}

/**
 * Runs actions that send a request. `act` runs an action at once and shows a refusal as a message. `ask` asks first and shows
 * a refusal in the dialog. `work` is the request and everything that follows it. Render `dialog` once.
 */
export function useAction(): {
  act: (work: () => Promise<void>) => Promise<void>;
  ask: (confirmation: Confirmation, work: () => Promise<void>) => void;
  isBusy: boolean;
  dialog: ReactNode;
} {
  const [pending, setPending] = useState<{ confirmation: Confirmation; work: () => Promise<void> } | null>(null);
  const { isBusy, run } = useRequest();
  const [problem, setProblem] = useState<string>();

  function start(work: () => Promise<void>, onRefused: (message: string) => void) {
    setProblem(undefined);
    const finish = async () => {
      await work();
      setPending(null);
    };
    return run(finish, { onRefused: ({ message }) => onRefused(message), onSessionEnd: () => setPending(null) });
  }

  function ask(confirmation: Confirmation, work: () => Promise<void>) {
    setProblem(undefined);
    setPending({ confirmation, work });
  }

  const dialog = pending && (
    <ConfirmDialog
      open
      onOpenChange={() => setPending(null)}
      title={pending.confirmation.title}
      confirm={pending.confirmation.confirm}
      tone={pending.confirmation.tone}
      busy={isBusy}
      error={problem}
      onConfirm={() => start(pending.work, setProblem)}
    >
      <p>{pending.confirmation.text}</p>
    </ConfirmDialog>
  );
  return { act: (work) => start(work, notify.error), ask, isBusy, dialog };
}
