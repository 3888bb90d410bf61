"use client";

import type { ReactNode } from "react";
import { api } from "@/components/forms/api";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { type ItemConfirmation, useItemChanges } from "@/components/forms/use-item-changes";
import { part } from "@/components/parts/part";
import type { SignInReason } from "@/lib/auth/schema";
import type { TokenOutcomes, TokenView } from "@/lib/tokens/schema";
import { countIn, doneLabelOf, labelOf, type TokenAction, whatIn } from "./labels";

const ChangeDialog = part(() => import("./change-dialog"), {
  onClose: ({ onClose }) => onClose(),
});
const ExpirationDialog = part(() => import("./expiration-dialog"), {
  onClose: ({ onClose }) => onClose(),
});

/** Enables, disables and removes one or several tokens. Render `dialogs` once. */
export function useTokenChanges(): {
  start: (change: TokenAction, tokens: TokenView[], onDone?: () => void) => void;
  isBusy: boolean;
  dialogs: ReactNode;
} {
  const { start, isBusy, confirmation } = useItemChanges<TokenAction, TokenView, { id: string }>({
    mustAsk,
    send,
    keyOf: ({ id }) => id,
    doneLabel: (change, tokens) => doneLabelOf(change, whatIn(tokens)),
  });
  return { start, isBusy, dialogs: confirmation && dialogOf(confirmation) };
}

function dialogOf({ change, items: tokens, error, ...frame }: ItemConfirmation<TokenAction, TokenView>): ReactNode {
  if (change !== "enable") {
    return <ChangeDialog {...frame} change={change} tokens={tokens} error={error?.message} />;
  }
  return (
    <ExpirationDialog
      {...frame}
      error={error}
      title={`Enable ${whatIn(tokens)}`}
      description={
        tokens.length === 1
          ? "This token has expired. Choose a new expiration to enable it. Its value stays the same."
          : "These tokens have expired. Choose a new expiration to enable them. Their values stay the same."
      }
      confirm={labelOf("enable", countIn(tokens))}
    />
  );
}

function mustAsk(change: TokenAction, tokens: TokenView[]): boolean {
  if (change === "enable") return tokens.some((token) => token.state === "expired");
  return change === "remove" || tokens.some((token) => token.current);
}

async function send(change: TokenAction, tokens: TokenView[], expiration?: ExpirationFields) {
  const ids = tokens.map((token) => token.id);
  const { outcomes } = await api<TokenOutcomes>("POST", "/api/v1/token-changes", { change, ids, ...expiration });
  if (change === "enable" || !tokens.some((token) => token.current)) return outcomes;
  signInAgain();
  return null;
}

/** Goes to the sign-in page, because the current session has ended. It says why and returns here. */
function signInAgain() {
  const reason: SignInReason = "ended";
  const back = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?${new URLSearchParams({ reason, return: back })}`);
}
