"use client";

import { useActionState, useEffect, useRef, useState } from "react";
import type { ApiProblem } from "../forms/api";
import { signIn } from "./session";

interface Attempt {
  userName: string;
  problem: ApiProblem | null;
}

/**
 * The state of a sign-in form. After a failure the password field is empty and has the focus. After many failures,
 * `waitSeconds` counts down to the next attempt.
 *
 * @param onSignedIn called after success. The form stays busy until its promise settles.
 */
export function useSignIn(userName: string, onSignedIn: () => Promise<void>) {
  const password = useRef<HTMLInputElement>(null);
  const [attempt, submit, busy] = useActionState<Attempt, FormData>(
    async (_, form) => {
      const typedName = String(form.get("username"));
      try {
        await signIn(typedName, String(form.get("password")), form.has("stay"));
        await onSignedIn();
        return { userName: typedName, problem: null };
      } catch (problem) {
        return { userName: typedName, problem: problem as ApiProblem };
      }
    },
    { userName, problem: null },
  );
  const waitSeconds = useCountdown(attempt);
  useEffect(() => {
    if (attempt.problem) password.current?.focus();
  }, [attempt]);
  return { ...attempt, submit, busy, waitSeconds, password };
}

/** Counts down the seconds after which the server accepts the next attempt. */
function useCountdown({ problem }: Attempt): number {
  const [secondsLeft, setSecondsLeft] = useState(0);
  useEffect(() => {
    const seconds = Number(problem?.extra.retryAfter ?? 0);
    const until = Date.now() + seconds * 1000;
    setSecondsLeft(seconds);
    if (seconds === 0) return;
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setSecondsLeft(rest);
      if (rest === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [problem]);
  return secondsLeft;
}
