"use client";

import { useEffect, useRef, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import type { TokenOutcome, TokenOutcomes } from "@/lib/tokens/schema";
import type { TokenAction } from "./labels";
import type { TokenPage } from "./token-page";

/** The progress of a change of all tokens that match. */
export interface MatchingRun {
  state: "asking" | "running" | "stopped" | "done";
  /** The number of processed tokens, refused ones included. */
  seen: number;
  refused: TokenOutcome[];
  /** Why the last batch failed. */
  problem?: ApiProblem;
}

const batchSize = 500;

/**
 * Changes, in batches, all tokens that matched a table's filter when its page was rendered. It stops after the current batch on
 * `stop` or when the user leaves the page; `run` resumes.
 *
 * @param onRest called when it has stopped or finished; `isLeft` is true when the user has left the page.
 */
export function useMatchingRun(
  change: TokenAction,
  { match, asOf }: TokenPage,
  onRest: (matchingRun: MatchingRun, isLeft: boolean) => void,
) {
  const [matchingRun, setMatchingRun] = useState<MatchingRun>({ state: "asking", seen: 0, refused: [] });
  const [isStopping, setStopping] = useState(false);
  const isActive = useRef(false);
  const isLeft = useRef(false);
  const next = useRef<{ before?: string; cursor?: string }>({ before: asOf });
  const chosen = useRef<ExpirationFields>({});

  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
      isActive.current = false;
    };
  }, []);

  async function run(expiration = chosen.current) {
    let now = matchingRun;
    const show = (news: Partial<MatchingRun>) => {
      now = { ...now, ...news };
      setMatchingRun(now);
    };
    isActive.current = true;
    chosen.current = expiration;
    show({ state: "running", problem: undefined });
    try {
      while (isActive.current) {
        const body = { change, matching: match, limit: batchSize, ...next.current, ...expiration };
        const { outcomes, nextCursor } = await api<TokenOutcomes>("POST", "/api/v1/token-changes", body);
        const refused = [...now.refused, ...outcomes.filter(({ outcome }) => outcome === "refused")];
        show({ seen: now.seen + outcomes.length, refused });
        if (nextCursor === null) show({ state: "done" });
        else next.current = { cursor: nextCursor };
        isActive.current &&= nextCursor !== null;
      }
      if (now.state !== "done") show({ state: "stopped" });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      // If no batch has succeeded, the dialog stays open, because the answer in it may be wrong.
      show({ state: now.seen === 0 ? "asking" : "stopped", problem: error.endsSession ? undefined : error });
    }
    setStopping(false);
    onRest(now, isLeft.current);
  }

  function stop() {
    isActive.current = false;
    setStopping(true);
  }

  return { matchingRun, isStopping, run, stop };
}
