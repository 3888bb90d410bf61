"use client";

import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { notify } from "@/components/ui/toaster";
import type { OneTimePassword, UserView } from "@/lib/users/schema";

const ChangeDialog = lazy(() => import("./change-dialog"));
const RemoveDialog = lazy(() => import("./remove-dialog"));
const loadRevealDialog = () => import("./one-time-password-dialog");
const RevealDialog = lazy(loadRevealDialog);

export type UserChange = "enable" | "disable" | "reset" | "remove";

interface Asked {
  change: Exclude<UserChange, "enable">;
  user: UserView;
}

/**
 * Enables, disables and removes an account and resets its password, asking first where it hurts.
 *
 * @param self the user name of whoever does it: the heir that is proposed.
 * @param onRemoved instead of showing the page anew.
 */
export function useUserChanges(self: string, onRemoved?: () => void) {
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [revealed, setRevealed] = useState<{ user: UserView; password: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function send(change: UserChange, user: UserView, heir?: string) {
    setBusy(true);
    setProblem(null);
    try {
      await carryOut(change, user, heir);
      setAsked(null);
      if (change === "remove" && onRemoved) onRemoved();
      else router.refresh();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) setAsked(null);
      else if (change === "enable") notify.error(error.message);
      else setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  async function carryOut(change: UserChange, user: UserView, heir?: string) {
    const path = `/api/v1/users/${encodeURIComponent(user.userName)}` as const;
    if (change === "remove") {
      await api("DELETE", heir ? `${path}?heir=${encodeURIComponent(heir)}` : path);
      return notify.success(`Removed ${user.userName}`);
    }
    if (change === "reset") {
      // What shows the password must be here before there is one.
      await loadRevealDialog();
      const { oneTimePassword } = await api<OneTimePassword>("POST", `${path}/one-time-password`);
      return setRevealed({ user, password: oneTimePassword });
    }
    await api("PATCH", path, { enabled: change === "enable" });
    notify.success(`${change === "enable" ? "Enabled" : "Disabled"} ${user.userName}`);
  }

  function start(change: UserChange, user: UserView) {
    setProblem(null);
    if (change === "enable") void send(change, user);
    else setAsked({ change, user });
  }

  const dialogs = (
    <Suspense>
      {asked && asked.change !== "remove" && (
        <ChangeDialog
          change={asked.change}
          user={asked.user}
          busy={isBusy}
          error={problem?.message}
          onConfirm={() => send(asked.change, asked.user)}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.change === "remove" && (
        <RemoveDialog
          user={asked.user}
          self={self}
          busy={isBusy}
          problem={problem}
          onConfirm={(heir) => send("remove", asked.user, heir)}
          onClose={() => setAsked(null)}
        />
      )}
      {revealed && (
        <RevealDialog userName={revealed.user.userName} password={revealed.password} onDone={() => setRevealed(null)} />
      )}
    </Suspense>
  );
  return { start, isBusy, dialogs };
}
