"use client";

import type { ReactNode } from "react";
import { api } from "@/components/forms/api";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { type ItemConfirmation, useItemChanges } from "@/components/forms/use-item-changes";
import { part } from "@/components/parts/part";
import type { AppOutcomes, AppView } from "@/lib/apps/schema";
import { appExpirationPresets, yearFromNow } from "./expiration";
import { type AppAction, countOf, doneLabelOf, labelOf } from "./labels";

const RemoveDialog = part(() => import("./remove-dialog"), {
  onClose: ({ onClose }) => onClose(),
});
const ExpirationDialog = part(() => import("@/components/tokens/expiration-dialog"), {
  onClose: ({ onClose }) => onClose(),
});

/** Enables, disables, removes and changes the expiration of one or several apps. Render `dialogs` once. */
export function useAppChanges(): {
  start: (change: AppAction, apps: AppView[], onDone?: () => void) => void;
  isBusy: boolean;
  dialogs: ReactNode;
} {
  const { start, isBusy, confirmation } = useItemChanges<AppAction, AppView, { slug: string }>({
    mustAsk: (change) => change === "remove" || change === "expire",
    send,
    keyOf: ({ slug }) => slug,
    doneLabel: doneLabelOf,
  });
  return { start, isBusy, dialogs: confirmation && dialogOf(confirmation) };
}

function dialogOf({ change, items: apps, error, ...frame }: ItemConfirmation<AppAction, AppView>): ReactNode {
  if (change === "remove") return <RemoveDialog {...frame} apps={apps} error={error?.message} />;
  const [only] = apps;
  const isOne = apps.length === 1 && only;
  return (
    <ExpirationDialog
      {...frame}
      error={error}
      title={`Change expiration of ${isOne ? only.name : countOf(apps)}`}
      description={
        isOne
          ? "The app stops working when its token expires. The token itself stays the same."
          : "These apps stop working when their tokens expire. The tokens themselves stay the same."
      }
      confirm={labelOf("expire", apps)}
      initial={yearFromNow}
      presets={appExpirationPresets}
    />
  );
}

async function send(change: AppAction, apps: AppView[], expiration?: ExpirationFields) {
  const body = { change, slugs: apps.map(({ slug }) => slug), ...expiration };
  const { outcomes } = await api<AppOutcomes>("POST", "/api/v1/app-changes", body);
  return outcomes;
}
