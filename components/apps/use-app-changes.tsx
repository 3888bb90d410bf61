"use client";

import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { notify } from "@/components/ui/toaster";
import type { AppOutcomes, AppView } from "@/lib/apps/schema";
import { type Change, doneLabelOf } from "./words";

const RemoveDialog = lazy(() => import("./remove-dialog"));
const ExpirationDialog = lazy(() => import("./expiration-dialog"));

interface Asked {
  change: Change;
  apps: AppView[];
  onDone?: () => void;
}

/**
 * Enabling, disabling, giving another expiration and removing from anywhere: one app or a selection. `start` acts at once
 * where one click is enough, and asks first where something is lost or a date is needed; render `dialogs` once. Nothing is
 * shown as done before the server has said so.
 */
export function useAppChanges(): {
  start: (change: Change, apps: AppView[], onDone?: () => void) => void;
  isBusy: boolean;
  dialogs: ReactNode;
} {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function send({ change, apps, onDone }: Asked, expiresAt?: string) {
    setBusy(true);
    setProblem(null);
    try {
      const body = { change, slugs: apps.map(({ slug }) => slug), expiresAt };
      const { outcomes } = await api<AppOutcomes>("POST", "/api/v1/app-changes", body);
      setAsked(null);
      announce(change, apps, outcomes);
      onDone?.();
      router.refresh();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) setAsked(null);
      else if (asked) setProblem(error);
      else notify.error(error.message);
    } finally {
      setBusy(false);
    }
  }

  function start(change: Change, apps: AppView[], onDone?: () => void) {
    const next = { change, apps, onDone };
    if (change === "remove" || change === "expire") {
      setProblem(null);
      setAsked(next);
    } else void send(next);
  }

  const frame = { busy: isBusy, onClose: () => setAsked(null) };
  const dialogs = asked && (
    <Suspense>
      {asked.change === "expire" ? (
        <ExpirationDialog
          {...frame}
          apps={asked.apps}
          error={problem ?? undefined}
          onConfirm={(expiresAt) => send(asked, expiresAt)}
        />
      ) : (
        <RemoveDialog {...frame} apps={asked.apps} error={problem?.message} onConfirm={() => send(asked)} />
      )}
    </Suspense>
  );
  return { start, isBusy, dialogs };
}

/** Says what was done, or, when some apps were refused, why the first of them was. */
function announce(change: Change, apps: AppView[], outcomes: AppOutcomes["outcomes"]) {
  const refused = outcomes.filter(({ outcome }) => outcome === "refused");
  const done = apps.filter(({ slug }) => refused.every((each) => each.slug !== slug));
  if (done.length > 0) notify.success(doneLabelOf(change, done));
  const [first] = refused;
  if (first) notify.error(`${refused.length} of ${outcomes.length} not changed. ${first.detail ?? ""}`);
}
