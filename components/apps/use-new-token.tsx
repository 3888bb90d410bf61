"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { notify } from "@/components/ui/toaster";
import type { AppView, AppWithToken } from "@/lib/apps/schema";
import { randomKey } from "../forms/random-key";
import TokenReveal from "./token-reveal";

/**
 * Replaces the token of an app and reveals the new value. `start` asks first if the app works with its current token. Render
 * `dialogs` once. The value is only in this component's state, while its dialog is open.
 */
export function useNewToken(app: AppView): { start: () => void; isBusy: boolean; dialogs: ReactNode } {
  const router = useRouter();
  const idempotencyKey = useRef("");
  const { act, ask, isBusy, dialog } = useAction();
  const [issued, setIssued] = useState<AppWithToken | null>(null);

  async function issue() {
    idempotencyKey.current ||= randomKey();
    const headers = { "Idempotency-Key": idempotencyKey.current };
    const answer = await api<AppWithToken>("POST", `/api/v1/apps/${app.slug}/tokens`, {}, headers);
    idempotencyKey.current = "";
    if (answer.value) return setIssued(answer);
    notify.error(
      "The token was already replaced, but the response was lost. The new token can't be shown again. The app works without it being copied.",
    );
    router.refresh();
  }

  function start() {
    if (app.available) ask(aboutIssuing(app), issue);
    else void act(issue);
  }

  const dialogs = (
    <>
      {dialog}
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
    </>
  );
  return { start, isBusy, dialogs };
}

const aboutIssuing = ({ name }: AppView) => ({
  title: `Replace the token of ${name}?`,
  confirm: "Replace token",
  text: "The app keeps working. Its current token is removed, so programs that use that token stop working.",
});
