"use client";

import { useActionState, useEffect, useRef, useState } from "react";
import type { ApiProblem } from "../forms/api";
import { signIn } from "./session";

interface Tried {
  userName: string;
  problem: ApiProblem | null;
}

/**
 * The state of a form that signs in. After a failure the password is empty and has the focus; after many, `wait` counts the
 * seconds down until the next try is let.
 *
 * @param onSignedIn while its promise is open, the form stays busy.
 */
export function useSignIn(userName: string, onSignedIn: () => Promise<void>) {
  const password = useRef<HTMLInputElement>(null);
  const [tried, submit, busy] = useActionState<Tried, FormData>(
    async (_, form) => {
      const typed = String(form.get("username"));
      try {
        await signIn(typed, String(form.get("password")));
        await onSignedIn();
        return { userName: typed, problem: null };
      } catch (problem) {
        return { userName: typed, problem: problem as ApiProblem };
      }
    },
    { userName, problem: null },
  );
  const wait = useCountdown(tried);
  useEffect(() => {
    if (tried.problem) password.current?.focus();
  }, [tried]);
  return { ...tried, submit, busy, wait, password };
}

/** Seconds left of the wait that a failure brought. */
function useCountdown({ problem }: Tried): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const seconds = Number(problem?.extra.retryAfter ?? 0);
    const until = Date.now() + seconds * 1000;
    setLeft(seconds);
    if (seconds === 0) return;
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(rest);
      if (rest === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
}
