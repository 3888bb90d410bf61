"use client";

import { useRouter } from "next/navigation";
import { notify } from "@/components/ui/toaster";
import type { ChangedPassword } from "@/lib/account/schema";
import { PasswordForm } from "./password-form";

/** Changes the user's own password on the account page, and says which sessions and tokens this ended. */
export function ChangePassword({ userName }: { userName: string }) {
  const router = useRouter();
  return (
    <PasswordForm
      userName={userName}
      currentLabel="Current password"
      offersTokens
      onChanged={(changed) => {
        notify.success(wordsFor(changed));
        router.refresh();
      }}
    />
  );
}

function wordsFor({ endedSessions, disabledTokens }: ChangedPassword): string {
  const ended = endedSessions > 0 && `Signed out ${countOf(endedSessions, "other session")}.`;
  const disabled = disabledTokens > 0 && `Disabled ${countOf(disabledTokens, "API token")}.`;
  return ["Changed your password.", ended, disabled].filter(Boolean).join(" ");
}

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
