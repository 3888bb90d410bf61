"use client";

import { type FormEvent, useId, useState } from "react";
import type { ApiProblem } from "@/components/api";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import type { UserView } from "@/lib/users/schema";

/** Asks before an account is removed, and who takes over what it owns. */
export default function RemoveDialog({
  user,
  self,
  busy,
  problem,
  onConfirm,
  onClose,
}: {
  user: UserView;
  self: string;
  busy: boolean;
  problem: ApiProblem | null;
  onConfirm: (heir: string) => void;
  onClose: () => void;
}) {
  const form = useId();
  const [heir, setHeir] = useState(self);
  const errorAtHeir = problem?.field === "heir" ? problem.message : undefined;

  function confirm(event: FormEvent) {
    event.preventDefault();
    if (!busy) onConfirm(heir.trim());
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={`Remove ${user.userName}?`}
      description={`${user.fullName} can no longer sign in. Whatever acts in their name stops at once, and their jobs go. This cannot be taken back; the history stays.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="danger" busy={busy}>
            Remove account
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={confirm}>
        <Field
          label="Who takes over what they own"
          hint="A user name. Repositories and workspaces go on as they are; apps stop until their new owner gives them a token."
          error={errorAtHeir}
        >
          <Input
            name="heir"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={heir}
            onChange={(event) => setHeir(event.target.value)}
          />
        </Field>
      </form>
      {problem && !errorAtHeir && <Notice tone="bad">{problem.message}</Notice>}
    </Dialog>
  );
}
