"use client";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AppView } from "@/lib/apps/schema";
import { appPath } from "./cells";
import { countOf, labelOf } from "./labels";

const namesMax = 5;

/** Asks before apps are removed, with the URLs that stop working and their usage. */
export default function RemoveDialog({
  apps,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  apps: AppView[];
  busy: boolean;
  error?: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const [only] = apps;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${apps.length === 1 && only ? only.name : countOf(apps)}?`}
      confirm={labelOf("remove", apps)}
      busy={busy}
      error={error}
      onConfirm={onConfirm}
    >
      <ul className="flex flex-col gap-1">
        {apps.slice(0, namesMax).map((app) => (
          <li key={app.slug}>
            <strong className="break-all">{appPath(app.slug)}</strong> <Usage app={app} />
          </li>
        ))}
        {apps.length > namesMax && <li>and {apps.length - namesMax} more.</li>}
      </ul>
      <p>
        {apps.length === 1
          ? "The page stops working and its token is removed, so programs that use the token stop working too. "
          : "The pages stop working and their tokens are removed, so programs that use the tokens stop working too. "}
        Past jobs are kept. This can't be undone.
      </p>
    </ConfirmDialog>
  );
}

function Usage({ app: { runs, lastRunAt } }: { app: AppView }) {
  if (lastRunAt === null) return "was never run.";
  return (
    <>
      was run {runs === 1 ? "once" : `${runs.toLocaleString("en")} times`}, last <RelativeTime at={lastRunAt} />.
    </>
  );
}
