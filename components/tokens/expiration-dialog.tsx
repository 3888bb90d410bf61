"use client";

import { type ComponentProps, type FormEvent, useId, useState } from "react";
import type { ExpirationFields } from "@/components/forms/expiration-fields";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { defaultExpiration, expirationFields } from "./expiration";
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
  onConfirm: (expiration: ExpirationFields) => void;
  onClose: () => void;
}) {
  const [expiration, setExpiration] = useState(initial);
  const id = useId();
  const [missing, setMissing] = useState(false);

  function confirm(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const chosen = expirationFields(expiration);
    setMissing(chosen === null);
    if (chosen) onConfirm(chosen);
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
          <Button type="submit" form={id} variant="primary" busy={busy}>
            {label}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={confirm}>
        <ExpirationField
          presets={presets}
          value={expiration}
          onChange={setExpiration}
          error={missing ? "Choose a date." : error?.field === "expiresAt" ? error.message : undefined}
        />
      </form>
      {error && error.field !== "expiresAt" && <Notice tone="bad">{error.message}</Notice>}
    </Dialog>
  );
}
