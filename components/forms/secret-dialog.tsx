"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useLeaveGuard } from "@/components/ui/secret-value";
import { Checkbox } from "./choice";

/**
 * Shows a secret for the only time. Escape, a click outside and the Back button do not close it, and the browser asks before it
 * closes the page. The secret is in the state of the caller and is gone when the dialog closes.
 */
export function SecretDialog({
  title,
  description,
  noun,
  wide = false,
  onDone,
  children,
}: {
  title: string;
  description: string;
  /** "token", "password". */
  noun: string;
  wide?: boolean;
  onDone: () => void;
  children: ReactNode;
}) {
  const [isSaved, setSaved] = useState(false);
  useLeaveGuard();
  return (
    <Dialog
      open
      wide={wide}
      leavable={false}
      onOpenChange={() => {}}
      title={title}
      description={description}
      footer={
        <div className="flex flex-1 flex-wrap items-center justify-between gap-3">
          <Checkbox
            label={`I have saved this ${noun}`}
            checked={isSaved}
            onChange={(event) => setSaved(event.target.checked)}
          />
          <Button variant="primary" disabled={!isSaved} onClick={onDone}>
            Done
          </Button>
        </div>
      }
    >
      {children}
    </Dialog>
  );
}
