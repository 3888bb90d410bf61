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
      title={`Hand over the password of ${userName}`}
      description="It is shown this once and can be used for seven days. Whoever signs in with it chooses a password of their own before anything else."
      footer={
        <div className="flex flex-1 flex-wrap items-center justify-between gap-3">
          <Checkbox
            label="I have saved this password"
            checked={isSaved}
            onChange={(event) => setSaved(event.target.checked)}
          />
          <Button variant="primary" disabled={!isSaved} onClick={onDone}>
            Close for good
          </Button>
        </div>
      }
    >
      <SecretValue label="One-time password" text={password}>
        <CopyButton text={password} label="Copy password" />
      </SecretValue>
    </Dialog>
  );
}
