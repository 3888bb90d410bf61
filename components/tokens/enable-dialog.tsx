"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { TokenView } from "@/lib/tokens/schema";
import { momentOf, usualExpiration } from "./expiration";
import { ExpirationField } from "./expiration-field";
import { countOf, labelOf } from "./words";

/** Asks expired API tokens for a new expiration; then the same values work again (design 3.2). */
export default function EnableDialog({
  tokens,
  busy,
  error,
  onConfirm,
  onClose,
}: {
  tokens: TokenView[];
  busy: boolean;
  error?: { message: string; field?: string };
  /** `expiresAt` is RFC 3339. */
  onConfirm: (expiresAt: string) => void;
  onClose: () => void;
}) {
  const [expiration, setExpiration] = useState(usualExpiration);
  const [missing, setMissing] = useState(false);
  const [only] = tokens;
  const isOne = tokens.length === 1 && only;

  function confirm() {
    const moment = momentOf(expiration, new Date());
    setMissing(moment === null);
    if (moment) onConfirm(moment.toISOString());
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={`Enable ${isOne ? only.name : countOf(tokens)}`}
      description={
        isOne
          ? "It has expired. Give it a new expiration, and the same value works again."
          : "They have expired. Give them a new expiration, and the same values work again."
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} onClick={confirm}>
            {labelOf("enable", tokens)}
          </Button>
        </>
      }
    >
      <ExpirationField
        legend="Expires in"
        value={expiration}
        onChange={setExpiration}
        error={missing ? "Choose a day." : error?.field === "expiresAt" ? error.message : undefined}
      />
      {error && error.field !== "expiresAt" && <Notice tone="bad">{error.message}</Notice>}
    </Dialog>
  );
}
