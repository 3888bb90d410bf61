"use client";

import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { notify } from "@/components/ui/toaster";
import type { SignInReason } from "@/lib/auth/schema";
import type { TokenOutcomes, TokenView } from "@/lib/tokens/schema";
import { type Change, doneLabelOf } from "./words";

const ChangeDialog = lazy(() => import("./change-dialog"));
const EnableDialog = lazy(() => import("./enable-dialog"));

interface Asked {
  change: Change;
  tokens: TokenView[];
  onDone?: () => void;
}

/**
 * Enabling, disabling and removing from anywhere: one token or a selection. `start` acts at once where one click is
 * enough, and asks first where something is lost or a new expiration is needed; render `dialogs` once. Nothing is shown
 * as done before the server has said so.
 */
export function useTokenChanges(): {
  start: (change: Change, tokens: TokenView[], onDone?: () => void) => void;
  isBusy: boolean;
  dialogs: ReactNode;
} {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function send({ change, tokens, onDone }: Asked, expiresAt?: string) {
    setBusy(true);
    setProblem(null);
    try {
      const ids = tokens.map((token) => token.id);
      const { outcomes } = await api<TokenOutcomes>("POST", "/api/v1/token-changes", { change, ids, expiresAt });
      setAsked(null);
      if (change !== "enable" && tokens.some((token) => token.current)) return signInAgain();
      announce(change, tokens, outcomes);
      onDone?.();
      router.refresh();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) setAsked(null);
      else if (asked) setProblem(error);
      else notify.error(error.message);
    } finally {
      setBusy(false);
    }
  }

  function start(change: Change, tokens: TokenView[], onDone?: () => void) {
    const next = { change, tokens, onDone };
    if (mustAsk(next)) {
      setProblem(null);
      setAsked(next);
    } else void send(next);
  }

  const frame = { busy: isBusy, onClose: () => setAsked(null) };
  const dialogs = asked && (
    <Suspense>
      {asked.change === "enable" ? (
        <EnableDialog
          {...frame}
          tokens={asked.tokens}
          error={problem ?? undefined}
          onConfirm={(expiresAt) => send(asked, expiresAt)}
        />
      ) : (
        <ChangeDialog
          {...frame}
          change={asked.change}
          tokens={asked.tokens}
          error={problem?.message}
          onConfirm={() => send(asked)}
        />
      )}
    </Suspense>
  );
  return { start, isBusy, dialogs };
}

function mustAsk({ change, tokens }: Asked): boolean {
  if (change === "enable") return tokens.some((token) => token.state === "expired");
  return change === "remove" || tokens.some((token) => token.current);
}

/** Says what was done, or, when some tokens were refused, why the first of them was. */
function announce(change: Change, tokens: TokenView[], outcomes: TokenOutcomes["outcomes"]) {
  const refused = outcomes.filter(({ outcome }) => outcome === "refused");
  const done = tokens.filter(({ id }) => refused.every((each) => each.id !== id));
  if (done.length > 0) notify.success(doneLabelOf(change, done));
  const [first] = refused;
  if (first) notify.error(`${refused.length} of ${outcomes.length} not changed. ${first.detail ?? ""}`);
}

/** This browser's session is over: to the sign-in page, which says why, and back here from there. */
function signInAgain() {
  const reason: SignInReason = "ended";
  const back = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?${new URLSearchParams({ reason, return: back })}`);
}
