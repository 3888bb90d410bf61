"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { notify } from "@/components/ui/toaster";
import type { ApiProblem } from "./api";
import type { ExpirationFields } from "./expiration-fields";
import { useRequest } from "./use-request";

interface Outcome {
  outcome: string;
  /** The reason of a refusal. */
  detail: string | null;
}

interface ItemChangesOptions<Change, Item, Key> {
  /** True if the change needs a confirmation or an expiration date first. */
  mustAsk: (change: Change, items: Item[]) => boolean;
  /** Sends the change. Returns the outcome of each item, or null if the user is leaving the page. */
  send: (change: Change, items: Item[], expiration?: ExpirationFields) => Promise<(Outcome & Key)[] | null>;
  /** The key that connects an item to its outcome. */
  keyOf: (each: Key) => string;
  /** Describes the finished change: "Disabled 3 tokens". */
  doneLabel: (change: Change, items: Item[]) => string;
}

/** The state of the dialog that asks before a change. */
export interface ItemConfirmation<Change, Item> {
  change: Change;
  items: Item[];
  busy: boolean;
  error?: ApiProblem;
  onConfirm: (expiration?: ExpirationFields) => void;
  onClose: () => void;
}

/**
 * Changes one item or several. `start` sends the change at once, or sets `confirmation` if the change needs a confirmation. Show a
 * dialog while there is a `confirmation`. The page shows a change only after the server has confirmed it.
 */
export function useItemChanges<Change, Item extends Key, Key>({
  mustAsk,
  send,
  keyOf,
  doneLabel,
}: ItemChangesOptions<Change, Item, Key>): {
  start: (change: Change, items: Item[], onDone?: () => void) => void;
  isBusy: boolean;
  confirmation: ItemConfirmation<Change, Item> | null;
} {
  const router = useRouter();
  const [pending, setPending] = useState<{ change: Change; items: Item[]; onDone?: () => void } | null>(null);
  const { isBusy, run } = useRequest();
  const [error, setError] = useState<ApiProblem>();

  function apply({ change, items, onDone }: NonNullable<typeof pending>, expiration?: ExpirationFields) {
    setError(undefined);
    const work = async () => {
      const outcomes = await send(change, items, expiration);
      setPending(null);
      if (!outcomes) return;
      announce(change, items, outcomes);
      onDone?.();
      router.refresh();
    };
    return run(work, {
      onRefused: (problem) => (pending ? setError(problem) : notify.error(problem.message)),
      onSessionEnd: () => setPending(null),
    });
  }

  /** Shows what was done, and for refusals the reason of the first one. */
  function announce(change: Change, items: Item[], outcomes: (Outcome & Key)[]) {
    const refused = outcomes.filter(({ outcome }) => outcome === "refused");
    const done = items.filter((item) => refused.every((each) => keyOf(each) !== keyOf(item)));
    if (done.length > 0) notify.success(doneLabel(change, done));
    const [first] = refused;
    if (first) notify.error(`Couldn't change ${refused.length} of ${outcomes.length}. ${first.detail ?? ""}`);
  }

  function start(change: Change, items: Item[], onDone?: () => void) {
    setError(undefined);
    if (mustAsk(change, items)) setPending({ change, items, onDone });
    else void apply({ change, items, onDone });
  }

  const confirmation = pending && {
    ...pending,
    busy: isBusy,
    error,
    onConfirm: (expiration?: ExpirationFields) => void apply(pending, expiration),
    onClose: () => setPending(null),
  };
  return { start, isBusy, confirmation };
}
