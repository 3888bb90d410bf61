"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { notify } from "@/components/ui/toaster";
import type { AppCure, AppView } from "@/lib/apps/schema";
import { faultSentence } from "./labels";
import { useAppChanges } from "./use-app-changes";
import { useNewToken } from "./use-new-token";

/** The reasons why the app is not available, each with the buttons that fix it. */
export function AppFaults({ app }: { app: AppView }) {
  const router = useRouter();
  const { act, isBusy: isSending } = useAction();
  const { start, isBusy, dialogs } = useAppChanges();
  const newToken = useNewToken(app);

  async function enableToken() {
    await api("PATCH", `/api/v1/tokens/${app.tokenId}`, { enabled: true });
    notify.success("Enabled the app's token");
    router.refresh();
  }

  const actions: Record<AppCure, () => void> = {
    "enable-app": () => start("enable", [app]),
    "enable-token": () => act(enableToken),
    "new-date": () => start("expire", [app]),
    "new-token": newToken.start,
    "edit-parameters": () => document.getElementById(parametersAnchor)?.scrollIntoView(),
  };

  return (
    <>
      {app.faults.length > 0 && (
        <Notice tone="warn" title="Visitors see that this app is not available.">
          <ul className="flex flex-col gap-3">
            {app.faults.map(({ fault, cures }) => (
              <li key={fault} className="flex flex-wrap items-center gap-x-4 gap-y-2">
                <span className="min-w-0">{faultSentence(fault, app)}</span>
                {cures.length > 0 && (
                  <span className="flex flex-wrap gap-2">
                    {cures.map((cure) => (
                      <Button
                        key={cure}
                        size="sm"
                        busy={isBusy || isSending || newToken.isBusy}
                        onClick={actions[cure]}
                      >
                        {cureNames[cure]}
                      </Button>
                    ))}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {dialogs}
      {newToken.dialogs}
    </>
  );
}

/** The anchor of the parameters on the page of an app. */
export const parametersAnchor = "parameters";

const cureNames: Record<AppCure, ReactNode> = {
  "enable-app": "Enable app",
  "enable-token": "Enable token",
  "new-date": "Change expiration…",
  "new-token": "Replace token",
  "edit-parameters": "Review parameters",
};
