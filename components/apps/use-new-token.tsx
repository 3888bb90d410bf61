"use client";

import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { notify } from "@/components/ui/toaster";
import type { AppView, AppWithToken } from "@/lib/apps/schema";
import { randomKey } from "../random-key";

const loadTokenReveal = () => import("./token-reveal");
const TokenReveal = lazy(loadTokenReveal);
const ConfirmDialog = lazy(() =>
  import("@/components/ui/confirm-dialog").then((module) => ({ default: module.ConfirmDialog })),
);

/**
 * Gives an app a new token in place of the one it has or had; its value is revealed once. `start` asks first where the app
 * works with the one it has; render `dialogs` once. The value is in this component's state while its dialog is open, and
 * nowhere else.
 */
export function useNewToken(app: AppView): { start: () => void; isBusy: boolean; dialogs: ReactNode } {
  const router = useRouter();
  const idempotencyKey = useRef("");
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [issued, setIssued] = useState<AppWithToken | null>(null);

  async function issue() {
    setBusy(true);
    idempotencyKey.current ||= randomKey();
    try {
      // What shows the value must be here before there is one: a connection lost in between would lose it.
      await loadTokenReveal();
      const headers = { "Idempotency-Key": idempotencyKey.current };
      const answer = await api<AppWithToken>("POST", `/api/v1/apps/${app.slug}/tokens`, {}, headers);
      idempotencyKey.current = "";
      if (answer.value) return setIssued(answer);
      notify.error(
        "An earlier try had already issued the token. Its value cannot be shown again; the app does not need it.",
      );
      router.refresh();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (!error.endsSession) notify.error(error.message);
    } finally {
      setBusy(false);
      setAsking(false);
    }
  }

  function start() {
    if (app.available) setAsking(true);
    else void issue();
  }

  const dialogs = (
    <Suspense>
      {isAsking && (
        <ConfirmDialog
          open
          onOpenChange={setAsking}
          title={`Issue a new token for ${app.name}?`}
          confirm="Issue new token"
          busy={isBusy}
          onConfirm={issue}
        >
          <p>
            The app goes on without a pause. The token it has now is removed: programs that use its value are refused
            from then on.
          </p>
        </ConfirmDialog>
      )}
      {issued?.value && (
        <TokenReveal
          app={issued}
          value={issued.value}
          onDone={() => {
            setIssued(null);
            router.refresh();
          }}
        />
      )}
    </Suspense>
  );
  return { start, isBusy, dialogs };
}
