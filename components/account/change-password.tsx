"use client";

import { useRouter } from "next/navigation";
import { notify } from "@/components/ui/toaster";
import type { ChangedPassword } from "@/lib/account/schema";
import { PasswordForm } from "./password-form";

/** Changes the user's own password on the account page, and says which sessions and tokens this ended. `provider` is the
 * identity provider that the account is connected with, or null. */
export function ChangePassword({ userName, provider }: { userName: string; provider: string | null }) {
  const router = useRouter();
  return (
    <PasswordForm
      userName={userName}
      currentLabel="Current password"
      offersTokens
      provider={provider}
      onChanged={(changed) => {
        notify.success(wordsFor(changed, provider));
        router.refresh();
      }}
    />
  );
}

function wordsFor({ endedSessions, disabledTokens, disconnected }: ChangedPassword, provider: string | null): string {
  const ended = endedSessions > 0 && `Signed out ${countOf(endedSessions, "other session")}.`;
  const disabled = disabledTokens > 0 && `Disabled ${countOf(disabledTokens, "API token")}.`;
  const left = disconnected && `Disconnected ${provider}.`;
  return ["Changed your password.", ended, disabled, left].filter(Boolean).join(" ");
}

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
