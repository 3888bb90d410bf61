import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import type { AppView } from "@/lib/apps/schema";

const soon = 7 * 86_400_000;

/** The path of an app on this server. */
export const appPath = (slug: string) => `/a/${slug}`;

/** When the app's token expires, with a warning sign in the last seven days. */
export function AppExpires({ app: { expiresAt } }: { app: Pick<AppView, "expiresAt"> }) {
  if (expiresAt === null) return <span className="text-muted">–</span>;
  const time = <RelativeTime at={expiresAt} className="tabular-nums" />;
  const left = Date.parse(expiresAt) - Date.now();
  if (left > soon || left < 0) return time;
  return (
    <Status tone="warn">
      <span className="sr-only">Expires soon: </span>
      {time}
    </Status>
  );
}

/** When a visitor last ran the app. */
export function LastRun({ app: { lastRunAt } }: { app: Pick<AppView, "lastRunAt"> }) {
  if (lastRunAt === null) return <span className="text-muted">Never</span>;
  return <RelativeTime at={lastRunAt} className="tabular-nums" />;
}
