"use client";

import { useState } from "react";
import { part, WhenLoaded } from "../parts/part";
import { useSessionWatch, type WatchedSession } from "./use-session-watch";

// It is loaded only when a session has ended, which most pages never see.
const SignInAgain = part(() => import("./sign-in-again"));

/**
 * Extends the session while the page is open. If the session has ended anyway, a dialog over the page asks the user to sign
 * in again. The page keeps its state, so no input is lost.
 *
 * @param provider the name of the identity provider, if there is one.
 */
export function SessionKeeper({ provider, ...session }: WatchedSession & { provider: string | null }) {
  const { isOver, check } = useSessionWatch(session);
  const [isPutOff, setPutOff] = useState(false);
  return (
    isOver &&
    !isPutOff && (
      <WhenLoaded parts={[SignInAgain]} onClose={() => setPutOff(true)}>
        {() => <SignInAgain userName={session.userName} provider={provider} onSignedIn={check} />}
      </WhenLoaded>
    )
  );
}
