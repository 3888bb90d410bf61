"use client";

import { useState } from "react";
import { ApiProblem } from "./api";

interface RequestHandlers {
  /** Gets the refusal of the API, except when the session has ended. */
  onRefused: (problem: ApiProblem) => void;
  /** Called instead when the session has ended: the page then asks to sign in again. */
  onSessionEnd?: () => void;
}

/**
 * Runs work that sends a request, and tells whether it is running. Only a refusal of the API is handled; any other error is a bug
 * and is thrown.
 */
export function useRequest(): {
  isBusy: boolean;
  run: (work: () => Promise<void>, handlers: RequestHandlers) => Promise<void>;
} {
  const [isBusy, setBusy] = useState(false);

  async function run(work: () => Promise<void>, { onRefused, onSessionEnd }: RequestHandlers) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) onSessionEnd?.();
      else onRefused(error);
    } finally {
      setBusy(false);
    }
  }

  return { isBusy, run };
}
