"use client";

import { useId, useState } from "react";
import { Field } from "@/components/forms/field";
import { Input } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { UserView } from "@/lib/users/schema";

/** Asks before a user is removed, and who becomes the owner of what they own. */
export default function RemoveDialog({
  user,
  self,
  onConfirm,
  onClose,
}: {
  user: UserView;
  /** The user name that is preselected as new owner. */
  self: string;
  onConfirm: (heir: string) => Promise<void>;
  onClose: () => void;
}) {
  const id = useId();
  const [heir, setHeir] = useState(self);
  const { form, isBusy, submit, errorAt, errorElsewhere } = useSubmission(["heir"], { onSessionEnd: onClose });

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !isBusy && onClose()}
      title={`Remove ${user.userName}?`}
      description={`${user.fullName} can no longer sign in. Their sessions, tokens and jobs are deleted; the audit log is kept. This can't be undone.`}
      footer={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="danger" busy={isBusy}>
            Remove user
          </Button>
        </>
      }
    >
      <form ref={form} id={id} noValidate onSubmit={(event) => submit(event, () => onConfirm(heir.trim()))}>
        <Field
          label="Transfer ownership to"
          hint="The username of the new owner. Repositories and workspaces keep working. Apps stop until the new owner replaces their tokens."
          error={errorAt("heir")}
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
      {errorElsewhere && <Notice tone="bad">{errorElsewhere}</Notice>}
    </Dialog>
  );
}
