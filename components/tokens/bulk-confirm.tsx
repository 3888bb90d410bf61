"use client";

import type { ApiProblem } from "@/components/forms/api";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import ExpirationDialog from "./expiration-dialog";
import { countOf, labelOf, type TokenAction } from "./labels";
import type { TokenPage } from "./token-page";

/** Asks before all tokens that a table's filter finds are changed, and says how many that are. */
export function BulkConfirm({
  change,
  page: { match, total },
  error,
  onConfirm,
  onClose,
}: {
  change: TokenAction;
  page: TokenPage;
  error?: ApiProblem;
  /** `expiresAt` is RFC 3339. */
  onConfirm: (expiresAt?: string) => void;
  onClose: () => void;
}) {
  const label = labelOf(change, countOf(match.kind, total));
  if (change === "enable" && match.state === "expired") {
    return (
      <ExpirationDialog
        title={label}
        description="They have expired. Give them a new expiration, and the same values work again."
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
      onConfirm={onConfirm}
    >
      <p>
        {match.q ? `All that match “${match.q}”, on every page. ` : "All of this table, on every page. "}
        {effects[change]}
      </p>
      {match.kind === "session" && <p>The session that you are using is left as it is.</p>}
      <p>It goes step by step, and you can stop it in between.</p>
    </ConfirmDialog>
  );
}

const effects = {
  enable: "Their values work again.",
  disable: "Whatever uses them is refused until you enable them again.",
  remove: "Whatever still uses them is refused from then on. This cannot be taken back; the history stays.",
};
