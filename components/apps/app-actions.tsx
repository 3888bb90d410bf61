"use client";

import { ExternalLink } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import type { AppView } from "@/lib/apps/schema";
import { appPath } from "./cells";
import { useAppChanges } from "./use-app-changes";

/** The actions of an app's page. After removing the app, the list is shown. */
export function AppActions({ app }: { app: AppView }) {
  const router = useRouter();
  const { start, isBusy, dialogs } = useAppChanges();
  return (
    <>
      {app.can.enable && (
        <Button busy={isBusy} onClick={() => start("enable", [app])}>
          Enable
        </Button>
      )}
      {app.can.disable && (
        <Button busy={isBusy} onClick={() => start("disable", [app])}>
          Disable
        </Button>
      )}
      {app.can.duplicate && <ButtonLink href={`/apps/new?from=${app.slug}`}>Duplicate</ButtonLink>}
      {app.can.remove && (
        <Button busy={isBusy} onClick={() => start("remove", [app], () => router.push("/apps"))}>
          Remove…
        </Button>
      )}
      {app.available && (
        <ButtonLink href={appPath(app.slug)} variant="primary" icon={<ExternalLink aria-hidden />}>
          Open app
        </ButtonLink>
      )}
      {dialogs}
    </>
  );
}
