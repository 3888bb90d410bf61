"use client";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { UserView } from "@/lib/users/schema";

const words = {
  disable: {
    title: (name: string) => `Disable ${name}?`,
    confirm: "Disable account",
    says: "They can no longer sign in, and whatever acts in their name stops at once: sessions, programs and apps. Enabling the account brings all of it back.",
  },
  reset: {
    title: (name: string) => `Reset the password of ${name}?`,
    confirm: "Reset password",
    says: "Their password no longer works, and they are signed out everywhere. You get a one-time password to hand over; with it they choose a new one.",
  },
};

/** Asks before an account is disabled, or its password replaced. */
export default function ChangeDialog({
  change,
  user,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  change: keyof typeof words;
  user: UserView;
  busy: boolean;
  error?: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { title, confirm, says } = words[change];
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title(user.userName)}
      confirm={confirm}
      tone={change === "disable" ? "danger" : "primary"}
      busy={busy}
      error={error}
      onConfirm={onConfirm}
    >
      <p>{says}</p>
    </ConfirmDialog>
  );
}
