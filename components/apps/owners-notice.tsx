import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import type { AppView } from "@/lib/apps/schema";
import { faultSentence } from "./labels";

/** Tells users who manage the app why it does not run, with a link to fix it. */
export function OwnersNotice({ app }: { app: AppView }) {
  return (
    <Notice tone="warn" title="Only people who manage this app see this message." className="mt-4">
      <ul>
        {app.faults.map(({ fault }) => (
          <li key={fault}>{faultSentence(fault, app)}</li>
        ))}
      </ul>
      <ButtonLink href={`/apps/${app.slug}`} size="sm" className="mt-3 mb-1" target="_top">
        Fix this app
      </ButtonLink>
    </Notice>
  );
}
