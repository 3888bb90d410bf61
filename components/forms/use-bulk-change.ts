"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiProblem } from "@/components/forms/api";
import { notify } from "@/components/ui/toaster";

interface Outcome {
  outcome: string;
  /** Why it was refused. */
  detail: string | null;
}

interface BulkChangeOptions<Change, Item, Key> {
  /** Is something lost, or a date needed, so that one is asked first? */
  mustAsk: (change: Change, items: Item[]) => boolean;
  /** Tells the server. Answers what became of each, or null when the page is being left. */
  send: (change: Change, items: Item[], expiresAt?: string) => Promise<(Outcome & Key)[] | null>;
  /** What an item and its outcome have in common. */
  keyOf: (each: Key) => string;
  /** What was done: "Disabled 3 tokens". */
  doneLabel: (change: Change, items: Item[]) => string;
}

/** What is asked before a change is made, as its dialog needs it. */
export interface BulkConfirmation<Change, Item> {
  change: Change;
  items: Item[];
  busy: boolean;
  error?: ApiProblem;
  /** `expiresAt` is RFC 3339. */
  onConfirm: (expiresAt?: string) => void;
  onClose: () => void;
}

/**
 * Changing one thing or a selection from anywhere. `start` acts at once where one click is enough, and asks first where not:
 * show a dialog while there is a `question`. Nothing is shown as done before the server has said so.
 */
export function useBulkChange<Change, Item extends Key, Key>({
  mustAsk,
  send,
  keyOf,
  doneLabel,
}: BulkChangeOptions<Change, Item, Key>): {
  start: (change: Change, items: Item[], onDone?: () => void) => void;
  isBusy: boolean;
  question: BulkConfirmation<Change, Item> | null;
} {
  const router = useRouter();
  const [asked, setAsked] = useState<{ change: Change; items: Item[]; onDone?: () => void } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiProblem>();

  async function carryOut({ change, items, onDone }: NonNullable<typeof asked>, expiresAt?: string) {
    setBusy(true);
    setError(undefined);
    try {
      const outcomes = await send(change, items, expiresAt);
      setAsked(null);
      if (!outcomes) return;
      announce(change, items, outcomes);
      onDone?.();
      router.refresh();
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (problem.endsSession) setAsked(null);
      else if (asked) setError(problem);
      else notify.error(problem.message);
    } finally {
      setBusy(false);
    }
  }

  /** Says what was done, or, when some were refused, why the first of them was. */
  function announce(change: Change, items: Item[], outcomes: (Outcome & Key)[]) {
    const refused = outcomes.filter(({ outcome }) => outcome === "refused");
    const done = items.filter((item) => refused.every((each) => keyOf(each) !== keyOf(item)));
    if (done.length > 0) notify.success(doneLabel(change, done));
    const [first] = refused;
    if (first) notify.error(`Couldn't change ${refused.length} of ${outcomes.length}. ${first.detail ?? ""}`);
  }

  function start(change: Change, items: Item[], onDone?: () => void) {
    setError(undefined);
    if (mustAsk(change, items)) setAsked({ change, items, onDone });
    else void carryOut({ change, items, onDone });
  }

  const confirmation = asked && {
    ...asked,
    busy: isBusy,
    error,
    onConfirm: (expiresAt?: string) => void carryOut(asked, expiresAt),
    onClose: () => setAsked(null),
  };
  return { start, isBusy, question: confirmation };
}
