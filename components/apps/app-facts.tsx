"use client";

import Link from "next/link";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts } from "@/components/ui/section";
import { runPageOf } from "@/components/workspaces/run-page-url";
import type { AppView } from "@/lib/apps/schema";
import { AppUrl } from "./app-url";
import { AppExpires, LastRun } from "./cells";
import { useAppChanges } from "./use-app-changes";
import { useNewToken } from "./use-new-token";

/** An app's URL, workspace, token and usage. */
export function AppFacts({ app }: { app: AppView }) {
  const { start, isBusy, dialogs } = useAppChanges();
  const newToken = useNewToken(app);
  return (
    <Card>
      <Facts>
        <Fact name="URL">
          <AppUrl slug={app.slug} />
        </Fact>
        <Fact name="Workspace">
          <Link href={runPageOf(app)} className={link}>
            {app.repository}/{app.workspace}
          </Link>
        </Fact>
        <Fact name="Token">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {app.tokenId ? (
              <Link href={`/settings/tokens/${app.tokenId}`} className={link}>
                {app.name}
              </Link>
            ) : (
              <span className="text-muted">{app.expiresAt ? `Owned by ${app.owner}` : "None"}</span>
            )}
            {app.can.issueToken && (
              <Button size="sm" busy={newToken.isBusy} onClick={newToken.start}>
                {app.available ? "Replace token…" : "Replace token"}
              </Button>
            )}
          </span>
        </Fact>
        <Fact name="Expires">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <AppExpires app={app} />
            {app.can.expire && (
              <Button size="sm" busy={isBusy} onClick={() => start("expire", [app])}>
                Change…
              </Button>
            )}
          </span>
        </Fact>
        <Fact name="Runs">
          <span className="tabular-nums">{app.runs.toLocaleString("en")}</span>
          {app.lastRunAt && (
            <>
              , last <LastRun app={app} />
            </>
          )}
        </Fact>
        <Fact name="Created">
          <RelativeTime at={app.createdAt} /> by {app.owner}
        </Fact>
      </Facts>
      {dialogs}
      {newToken.dialogs}
    </Card>
  );
}

const link = "inline-flex min-h-6 items-center rounded-[4px] break-all text-clay-ink underline underline-offset-2";
