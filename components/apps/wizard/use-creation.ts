import { useRouter } from "next/navigation";
import { useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import { notify } from "@/components/ui/toaster";
import type { AppWithToken } from "@/lib/apps/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { randomKey } from "../../forms/random-key";
import { expiresAtOf } from "../../tokens/expiration";
import { requestOf, type WizardDraft } from "./draft";

/**
 * Makes the app of a draft, once, however often it is asked to: the request is named before it is sent, and the name kept
 * with the draft. `created` has the token's value, and is in the page's memory only.
 *
 * @param usualDays a token of that length takes the server's word for when it ends.
 * @param prepare what must be here before there is a value, so that a connection lost in between does not lose it.
 */
export function useCreation({
  usualDays,
  prepare,
  onSent,
  onDone,
  onRefused,
}: {
  usualDays: number;
  prepare: () => Promise<unknown>;
  /** Null once the server has refused: then nothing was made, and the next try is another request. */
  onSent: (sent: WizardDraft["sent"]) => void;
  onDone: () => void;
  onRefused: (problem: ApiProblem) => void;
}) {
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [created, setCreated] = useState<AppWithToken | null>(null);

  async function create(draft: WizardDraft, workspace: WorkspaceView) {
    if (isBusy) return;
    setBusy(true);
    const sent = draft.sent ?? { key: randomKey(), expiresAt: expirationOf(draft, usualDays) };
    onSent(sent);
    try {
      await prepare();
      const body = requestOf(draft, workspace, sent.expiresAt);
      const app = await api<AppWithToken>("POST", "/api/v1/apps", body, { "Idempotency-Key": sent.key });
      onDone();
      if (app.value) return setCreated(app);
      notify.error(
        `${app.name} was already created, but the response was lost. Its token can't be shown again. The app works without it being copied.`,
      );
      router.push(`/apps/${app.slug}`);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.status >= 400 && error.status < 500) onSent(null);
      if (!error.endsSession) onRefused(error);
    } finally {
      setBusy(false);
    }
  }

  return { create, created, isBusy };
}

function expirationOf({ expiration }: WizardDraft, usualDays: number): string | undefined {
  if (expiration.days === usualDays) return undefined;
  return expiresAtOf(expiration, new Date())?.toISOString();
}
