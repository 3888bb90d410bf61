"use client";

import { type ComponentProps, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { defaultExpiration, expiresAtOf } from "./expiration";
import { ExpirationField } from "./expiration-field";

/** Asks for a new expiration. The caller gives the texts. */
export default function ExpirationDialog({
  title,
  description,
  confirm: label,
  initial = defaultExpiration,
  presets,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  title: string;
  description: string;
  /** The verb and its object: "Enable 3 tokens". */
  confirm: string;
  initial?: ComponentProps<typeof ExpirationField>["value"];
  presets?: ComponentProps<typeof ExpirationField>["presets"];
  busy: boolean;
  error?: { message: string; field?: string };
  /** `expiresAt` is RFC 3339. */
  onConfirm: (expiresAt: string) => void;
  onClose: () => void;
}) {
  const [expiration, setExpiration] = useState(initial);
  const [missing, setMissing] = useState(false);

  function confirm() {
    const moment = expiresAtOf(expiration, new Date());
    setMissing(moment === null);
    if (moment) onConfirm(moment.toISOString());
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} onClick={confirm}>
            {label}
          </Button>
        </>
      }
    >
      <ExpirationField
        presets={presets}
        value={expiration}
        onChange={setExpiration}
        error={missing ? "Choose a date." : error?.field === "expiresAt" ? error.message : undefined}
      />
      {error && error.field !== "expiresAt" && <Notice tone="bad">{error.message}</Notice>}
    </Dialog>
  );
}
