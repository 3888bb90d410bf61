"use client";

import { SecretDialog } from "@/components/forms/secret-dialog";
import { CopyButton } from "@/components/ui/copy-button";
import { SecretValue } from "@/components/ui/secret-value";

/** Shows a temporary password for the only time. */
export default function OneTimePasswordDialog({
  userName,
  password,
  onDone,
}: {
  userName: string;
  password: string;
  onDone: () => void;
}) {
  return (
    <SecretDialog
      noun="password"
      title={`Temporary password for ${userName}`}
      description="Copy it now and send it to them. You won't be able to see it again. It expires in 7 days, and they choose their own password when they sign in."
      onDone={onDone}
    >
      <SecretValue label="Temporary password" text={password}>
        <CopyButton text={password} label="Copy password" />
      </SecretValue>
    </SecretDialog>
  );
}
