"use client";

import { useState } from "react";
import { momentOf } from "@/components/tokens/expiration";
import { ExpirationField } from "@/components/tokens/expiration-field";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { appExpirationPresets, yearFromNow } from "./expiration";
import { countOf, labelOf } from "./words";

/** Asks for another expiration of the tokens of one or several apps; their values stay the same. */
export default function ExpirationDialog({
  apps,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  apps: { name: string }[];
  busy: boolean;
  error?: { message: string; field?: string };
  /** `expiresAt` is RFC 3339. */
  onConfirm: (expiresAt: string) => void;
  onClose: () => void;
}) {
  const [expiration, setExpiration] = useState(yearFromNow);
  const [missing, setMissing] = useState(false);
  const [only] = apps;
  const isOne = apps.length === 1 && only;

  function confirm() {
    const moment = momentOf(expiration, new Date());
    setMissing(moment === null);
    if (moment) onConfirm(moment.toISOString());
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={`Change the expiration of ${isOne ? only.name : countOf(apps)}`}
      description={
        isOne
          ? "Its token expires then, and the app with it. The value stays the same."
          : "Their tokens expire then, and the apps with them. The values stay the same."
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} onClick={confirm}>
            {labelOf("expire", apps)}
          </Button>
        </>
      }
    >
      <ExpirationField
        presets={appExpirationPresets}
        value={expiration}
        onChange={setExpiration}
        error={missing ? "Choose a day." : error?.field === "expiresAt" ? error.message : undefined}
      />
      {error && error.field !== "expiresAt" && <Notice tone="bad">{error.message}</Notice>}
    </Dialog>
  );
}
