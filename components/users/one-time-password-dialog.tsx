"use client";

import { useState } from "react";
import { Checkbox } from "@/components/forms/choice";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { SecretValue, useLeaveGuard } from "@/components/ui/secret-value";

/** Shows a one-time password, the only time. It lives in the state of whoever renders this, and goes with it. */
export default function OneTimePasswordDialog({
  userName,
  password,
  onDone,
}: {
  userName: string;
  password: string;
  onDone: () => void;
}) {
  const [isSaved, setSaved] = useState(false);
  useLeaveGuard();
  return (
    <Dialog
      open
      leavable={false}
      onOpenChange={() => {}}
      title={`Temporary password for ${userName}`}
      description="Copy it now and send it to them. You won't be able to see it again. It expires in 7 days, and they choose their own password when they sign in."
      footer={
        <div className="flex flex-1 flex-wrap items-center justify-between gap-3">
          <Checkbox
            label="I have saved this password"
            checked={isSaved}
            onChange={(event) => setSaved(event.target.checked)}
          />
          <Button variant="primary" disabled={!isSaved} onClick={onDone}>
            Done
          </Button>
        </div>
      }
    >
      <SecretValue label="Temporary password" text={password}>
        <CopyButton text={password} label="Copy password" />
      </SecretValue>
    </Dialog>
  );
}
