"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { part } from "@/components/parts/part";
import { notify } from "@/components/ui/toaster";
import type { OneTimePassword, UserView } from "@/lib/users/schema";
import OneTimePasswordDialog from "./one-time-password-dialog";

const RemoveDialog = part(() => import("./remove-dialog"), {
  onClose: ({ onClose }) => onClose(),
});

export type UserChange = "enable" | "disable" | "reset" | "remove";

/**
 * Enables, disables and removes a user and resets their password. It asks before everything but enabling.
 *
 * @param self the current user's name, which is preselected as new owner.
 * @param onRemoved called after removing, instead of a refresh.
 */
export function useUserChanges(self: string, onRemoved?: () => void) {
  const router = useRouter();
  const { act, ask, isBusy, dialog } = useAction();
  const [leaving, setLeaving] = useState<UserView | null>(null);
  const [revealed, setRevealed] = useState<{ user: UserView; password: string } | null>(null);

  async function set(user: UserView, enabled: boolean) {
    await api("PATCH", pathOf(user), { enabled });
    notify.success(`${enabled ? "Enabled" : "Disabled"} ${user.userName}`);
    router.refresh();
  }

  async function reset(user: UserView) {
    const { oneTimePassword } = await api<OneTimePassword>("POST", `${pathOf(user)}/one-time-password`);
    setRevealed({ user, password: oneTimePassword });
    router.refresh();
  }

  async function remove(user: UserView, heir: string) {
    await api("DELETE", heir ? `${pathOf(user)}?heir=${encodeURIComponent(heir)}` : pathOf(user));
    notify.success(`Removed ${user.userName}`);
    setLeaving(null);
    if (onRemoved) onRemoved();
    else router.refresh();
  }

  function start(change: UserChange, user: UserView) {
    if (change === "enable") void act(() => set(user, true));
    if (change === "disable") ask(aboutDisabling(user), () => set(user, false));
    if (change === "reset") ask(aboutResetting(user), () => reset(user));
    if (change === "remove") setLeaving(user);
  }

  const dialogs = (
    <>
      {dialog}
      {leaving && (
        <RemoveDialog
          user={leaving}
          self={self}
          onConfirm={(heir) => remove(leaving, heir)}
          onClose={() => setLeaving(null)}
        />
      )}
      {revealed && (
        <OneTimePasswordDialog
          userName={revealed.user.userName}
          password={revealed.password}
          onDone={() => setRevealed(null)}
        />
      )}
    </>
  );
  return { start, isBusy, dialogs };
}

const pathOf = ({ userName }: UserView) => `/api/v1/users/${encodeURIComponent(userName)}` as const;

const aboutDisabling = ({ userName }: UserView) => ({
  title: `Disable ${userName}?`,
  confirm: "Disable user",
  text: "They can no longer sign in, and their sessions, tokens and apps stop working immediately. You can enable the user again at any time.",
});

const aboutResetting = ({ userName }: UserView) => ({
  title: `Reset the password of ${userName}?`,
  confirm: "Reset password",
  tone: "primary" as const,
  text: "Their current password stops working and they are signed out everywhere and disconnected from the identity provider. You get a temporary password to send them; they choose a new one when they sign in.",
});
