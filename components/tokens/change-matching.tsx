"use client";

import { useRouter } from "next/navigation";
import { type RefObject, useEffect, useRef } from "react";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { Button } from "@/components/ui/button";
import { ProgressBar } from "@/components/ui/progress-bar";
import { notify } from "@/components/ui/toaster";
import { ConfirmMatching } from "./confirm-matching";
import { amountOf, countOf, doingLabelOf, doneLabelOf, type TokenAction } from "./labels";
import type { TokenPage } from "./token-page";
import { type MatchingRun, useMatchingRun } from "./use-matching-run";

/** Changes all tokens that match a table's filter, in batches, after asking. The user can stop between batches. */
export default function ChangeMatching({
  change,
  page,
  onStart,
  onClose,
}: {
  change: TokenAction;
  page: TokenPage;
  onStart: () => void;
  onClose: () => void;
}) {
  const { kind } = page.match;
  const router = useRouter();
  const bar = useRef<HTMLElement>(null);
  const { matchingRun, isStopping, run, stop } = useMatchingRun(change, page, onRest);
  // The closing dialog returns the focus to the button that opened it, which is no longer on the page.
  const isAsking = matchingRun.state === "asking";
  useEffect(() => {
    if (isAsking) return;
    const frame = requestAnimationFrame(() => bar.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [isAsking]);

  function onRest({ state, seen, refused }: MatchingRun, isLeft: boolean) {
    if (state === "asking") return;
    router.refresh();
    const done = doneLabelOf(change, countOf(kind, { count: seen - refused.length, isMore: false }));
    if (isLeft) notify.success(state === "done" ? done : `Stopped because you left the page. ${done}`);
    else if (state === "done" && refused.length === 0) {
      notify.success(done);
      onClose();
    }
  }

  function start(expiration?: ExpirationFields) {
    onStart();
    void run(expiration);
  }

  if (isAsking) {
    return (
      <ConfirmMatching change={change} page={page} error={matchingRun.problem} onConfirm={start} onClose={onClose} />
    );
  }
  return (
    <MatchingProgress
      bar={bar}
      change={change}
      page={page}
      run={matchingRun}
      isStopping={isStopping}
      onStop={stop}
      onResume={() => run()}
      onClose={onClose}
    />
  );
}

/** How far the change is, with the buttons that stop it and resume it. */
function MatchingProgress({
  bar,
  change,
  page,
  run,
  isStopping,
  onStop,
  onResume,
  onClose,
}: {
  bar: RefObject<HTMLElement | null>;
  change: TokenAction;
  page: TokenPage;
  run: MatchingRun;
  isStopping: boolean;
  onStop: () => void;
  onResume: () => void;
  onClose: () => void;
}) {
  const { state, seen } = run;
  const doing = doingLabelOf(change, countOf(page.match.kind, page.total));
  return (
    <section
      ref={bar}
      tabIndex={-1}
      aria-label={doing}
      className="flex flex-col gap-2 rounded border border-line bg-surface px-3 py-2.5"
    >
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-48 flex-1">
          <strong className="font-medium">{doing}</strong>{" "}
          <span className="whitespace-nowrap text-muted tabular-nums">
            {seen.toLocaleString("en")} of {amountOf(page.total)} done
          </span>
        </p>
        {state === "running" ? (
          <Button size="sm" busy={isStopping} onClick={onStop}>
            {isStopping ? "Stopping…" : "Stop"}
          </Button>
        ) : (
          <>
            {state === "stopped" && (
              <Button size="sm" onClick={onResume}>
                Resume
              </Button>
            )}
            <Button size="sm" onClick={onClose}>
              Close
            </Button>
          </>
        )}
      </div>
      {(state === "running" || !page.total.isMore) && (
        <ProgressBar label="Progress" done={seen} of={page.total.isMore ? undefined : page.total.count} />
      )}
      <p role="status" className="text-muted empty:hidden">
        {sentenceOf(run)}
      </p>
    </section>
  );
}

/** What the status line says when the run is not in progress. */
function sentenceOf({ state, refused, problem }: MatchingRun): string {
  if (state === "running") return "";
  const [first] = refused;
  const left = first && `${refused.length.toLocaleString("en")} not changed: ${first.detail}`;
  const stopped = state === "stopped" && "Stopped. The rest were not changed.";
  return [stopped, problem?.message, left].filter(Boolean).join(" ");
}
