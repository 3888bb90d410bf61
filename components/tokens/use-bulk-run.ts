"use client";

import { useEffect, useRef, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import type { TokenOutcome, TokenOutcomes } from "@/lib/tokens/schema";
import type { TokenAction } from "./labels";
import type { TokenPage } from "./token-page";

/** How far a change of all that match has come. */
export interface BulkRun {
  state: "asking" | "running" | "stopped" | "done";
  /** How many were looked at, those that were refused among them. */
  seen: number;
  refused: TokenOutcome[];
  /** Why the last batch was not carried out. */
  problem?: ApiProblem;
}

const batchSize = 500;

/**
 * Changes all that a table's filter found when its page was made, batch after batch. It stops after the batch under way when
 * told to, and when its page is left; `run` goes on from there.
 *
 * @param onRest when it has stopped or is done; `isLeft` when nobody sees it any more.
 */
export function useBulkRun(
  change: TokenAction,
  { match, asOf }: TokenPage,
  onRest: (bulkRun: BulkRun, isLeft: boolean) => void,
) {
  const [bulkRun, setBulkRun] = useState<BulkRun>({ state: "asking", seen: 0, refused: [] });
  const [isStopping, setStopping] = useState(false);
  const goesOn = useRef(false);
  const isLeft = useRef(false);
  const next = useRef<{ before?: string; cursor?: string; expiresAt?: string }>({ before: asOf });

  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
      goesOn.current = false;
    };
  }, []);

  async function run(expiresAt = next.current.expiresAt) {
    let now = bulkRun;
    const show = (news: Partial<BulkRun>) => {
      now = { ...now, ...news };
      setBulkRun(now);
    };
    goesOn.current = true;
    next.current.expiresAt = expiresAt;
    show({ state: "running", problem: undefined });
    try {
      while (goesOn.current) {
        const body = { change, matching: match, limit: batchSize, ...next.current };
        const { outcomes, nextCursor } = await api<TokenOutcomes>("POST", "/api/v1/token-changes", body);
        const refused = [...now.refused, ...outcomes.filter(({ outcome }) => outcome === "refused")];
        show({ seen: now.seen + outcomes.length, refused });
        if (nextCursor === null) show({ state: "done" });
        else next.current = { cursor: nextCursor, expiresAt };
        goesOn.current &&= nextCursor !== null;
      }
      if (now.state !== "done") show({ state: "stopped" });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      // Before anything was done the question is still open: what is wrong may be its answer.
      show({ state: now.seen === 0 ? "asking" : "stopped", problem: error.endsSession ? undefined : error });
    }
    setStopping(false);
    onRest(now, isLeft.current);
  }

  function stop() {
    goesOn.current = false;
    setStopping(true);
  }

  return { bulkRun, isStopping, run, stop };
}
