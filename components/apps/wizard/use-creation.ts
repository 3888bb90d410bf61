import { useRouter } from "next/navigation";
import { useState } from "react";
import { type ApiProblem, api } from "@/components/forms/api";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { useRequest } from "@/components/forms/use-request";
import { notify } from "@/components/ui/toaster";
import type { AppWithToken } from "@/lib/apps/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { randomKey } from "../../forms/random-key";
import { expirationFields } from "../../tokens/expiration";
import { requestOf, type WizardDraft } from "./draft";

/**
 * Creates the app of a draft, once, however often it is called: the idempotency key is stored with the draft before the request is
 * sent. `created` contains the token's value, which is in the page's memory only.
 *
 * @param defaultDays the default lifetime. The server sets the expiration of a token with this lifetime.
 */
export function useCreation({
  defaultDays,
  onSent,
  onDone,
  onRefused,
}: {
  defaultDays: number;
  /** Null after a refusal: nothing was created, so the next attempt is another request. */
  onSent: (sent: WizardDraft["sent"]) => void;
  onDone: () => void;
  onRefused: (problem: ApiProblem) => void;
}) {
  const router = useRouter();
  const { isBusy, run } = useRequest();
  const [created, setCreated] = useState<AppWithToken | null>(null);

  async function create(draft: WizardDraft, workspace: WorkspaceView) {
    if (isBusy) return;
    const sent = draft.sent ?? { key: randomKey(), expiration: expirationOf(draft, defaultDays) };
    onSent(sent);
    const forget = () => onSent(null);
    await run(() => send(requestOf(draft, workspace, sent.expiration), sent.key), {
      onRefused(problem) {
        if (problem.status >= 400 && problem.status < 500) forget();
        onRefused(problem);
      },
      onSessionEnd: forget,
    });
  }

  async function send(body: object, key: string) {
    const app = await api<AppWithToken>("POST", "/api/v1/apps", body, { "Idempotency-Key": key });
    onDone();
    if (app.value) return setCreated(app);
    notify.error(
      `${app.name} was already created, but the response was lost. Its token can't be shown again. The app works without it being copied.`,
    );
    router.push(`/apps/${app.slug}`);
  }

  return { create, created, isBusy };
}

function expirationOf({ expiration }: WizardDraft, defaultDays: number): ExpirationFields {
  if (expiration.days === defaultDays) return {};
  return expirationFields(expiration) ?? {};
}
