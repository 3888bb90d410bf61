"use client";

import { lazy, Suspense } from "react";
import { useSessionWatch, type WatchedSession } from "./use-session-watch";

// Most pages never need it.
const SignInAgain = lazy(() => import("./sign-in-again"));

/**
 * Keeps the session going while the page is open. When it has ended all the same, asks to sign in again over the page, which
 * stays as it is: nothing that was typed is lost.
 *
 * @param provider what the identity provider is called, if there is one.
 */
export function SessionKeeper({ provider, ...session }: WatchedSession & { provider: string | null }) {
  const { over, look } = useSessionWatch(session);
  return (
    over && (
      <Suspense>
        <SignInAgain userName={session.userName} provider={provider} onSignedIn={look} />
      </Suspense>
    )
  );
}
