"use client";

import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import type { TokenOutcomes } from "@/lib/tokens/schema";

const ConfirmDialog = lazy(() =>
  import("@/components/ui/confirm-dialog").then((module) => ({ default: module.ConfirmDialog })),
);

/** One button against every session but this one: for a lost laptop, or a doubt. */
export function RemoveOtherSessions() {
  const router = useRouter();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function remove() {
    setBusy(true);
    setProblem(undefined);
    try {
      const { outcomes } = await api<TokenOutcomes>("POST", "/api/v1/token-changes", {
        change: "remove",
        ids: "all-but-current",
      });
      const count = outcomes.filter(({ outcome }) => outcome === "changed").length;
      notify.success(count === 1 ? "Removed 1 other session" : `Removed ${count} other sessions`);
      setAsking(false);
      router.refresh();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) setAsking(false);
      else setProblem(error.message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button onClick={() => setAsking(true)}>Remove all other sessions</Button>
      {isAsking && (
        <Suspense>
          <ConfirmDialog
            open
            onOpenChange={setAsking}
            title="Remove all other sessions?"
            confirm="Remove all other sessions"
            busy={isBusy}
            error={problem}
            onConfirm={remove}
          >
            <p>You are signed out on every other browser and device at once. This one stays signed in.</p>
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}
