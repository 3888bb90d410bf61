"use client";

import type { ApiProblem } from "@/components/forms/api";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import ExpirationDialog from "./expiration-dialog";
import { countOf, labelOf, type TokenAction } from "./labels";
import type { TokenPage } from "./token-page";

/** Asks before a change of all tokens that match a table's filter, and says how many there are. */
export function ConfirmMatching({
  change,
  page: { match, total },
  error,
  onConfirm,
  onClose,
}: {
  change: TokenAction;
  page: TokenPage;
  error?: ApiProblem;
  onConfirm: (expiration?: ExpirationFields) => void;
  onClose: () => void;
}) {
  const label = labelOf(change, countOf(match.kind, total));
  if (change === "enable" && match.state === "expired") {
    return (
      <ExpirationDialog
        title={label}
        description="These tokens have expired. Choose a new expiration to enable them. Their values stay the same."
        confirm={label}
        busy={false}
        error={error}
        onConfirm={onConfirm}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${label}?`}
      confirm={label}
      tone={change === "enable" ? "primary" : "danger"}
      error={error?.message}
      onConfirm={() => onConfirm()}
    >
      <p>
        {match.q ? `Everything that matches “${match.q}”, on all pages. ` : "Everything in this table, on all pages. "}
        {effects[match.kind][change]}
      </p>
      {match.kind === "session" && <p>Your current session isn't affected.</p>}
      <p>This may take a while. You can stop it at any time.</p>
    </ConfirmDialog>
  );
}

const effects = {
  api: {
    enable: "The tokens work again.",
    disable: "Programs that use these tokens stop working until you enable them again.",
    remove: "Programs that use these tokens stop working. Their history is kept. This can't be undone.",
  },
  session: {
    enable: "These devices are signed in again.",
    disable: "These devices are signed out until you enable the sessions again.",
    remove: "These devices are signed out and have to sign in again. This can't be undone.",
  },
};
