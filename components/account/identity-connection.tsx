"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useRef, useState } from "react";
import { leaveFor } from "@/components/auth/leave-for";
import { PasswordInput } from "@/components/auth/password-input";
import { connectionUrl } from "@/components/auth/session";
import { api } from "@/components/forms/api";
import { Field } from "@/components/forms/field";
import { useSubmission } from "@/components/forms/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { notify } from "@/components/ui/toaster";
import type { DisconnectedIdentity } from "@/lib/account/schema";

/** Connects the user's own account with the identity provider, after the password. */
export function ConnectIdentity({ userName, provider }: { userName: string; provider: string }) {
  return (
    <PasswordDialog
      userName={userName}
      field="password"
      opener={`Connect with ${provider}…`}
      title={`Connect with ${provider}`}
      description={`Enter your password first. Then ${provider} asks you to sign in there.`}
      confirm={`Continue to ${provider}`}
      onConfirm={async (password) => leaveFor(await connectionUrl(password))}
    />
  );
}

/** Disconnects the user's own account from the identity provider, after the password. */
export function DisconnectIdentity({ userName, provider }: { userName: string; provider: string }) {
  const router = useRouter();
  return (
    <PasswordDialog
      userName={userName}
      field="currentPassword"
      opener="Disconnect…"
      title={`Disconnect from ${provider}?`}
      description={`You can then sign in only with your password. This signs you out on all other devices.`}
      confirm="Disconnect"
      tone="danger"
      onConfirm={async (currentPassword) => {
        await api<DisconnectedIdentity>("POST", "/api/v1/account/disconnection", { currentPassword });
        notify.success(`Disconnected your account from ${provider}`);
        router.replace("/settings/account");
        router.refresh();
      }}
    />
  );
}

interface PasswordDialogProps {
  userName: string;
  /** The name of the password in refusals. */
  field: string;
  opener: string;
  title: string;
  description: string;
  confirm: string;
  tone?: "primary" | "danger";
  onConfirm: (password: string) => Promise<void>;
}

/** A button that opens a dialog, which asks for the password before it acts. */
function PasswordDialog({
  userName,
  field,
  opener,
  title,
  description,
  confirm,
  tone = "primary",
  onConfirm,
}: PasswordDialogProps) {
  const id = useId();
  const password = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { form, isBusy, submit, errorAt, errorElsewhere } = useSubmission([field], {
    onSessionEnd: () => setOpen(false),
  });

  const send = (event: FormEvent) =>
    submit(event, async () => {
      await onConfirm(password.current?.value ?? "");
      setOpen(false);
    });

  return (
    <>
      <Button onClick={() => setOpen(true)}>{opener}</Button>
      <Dialog
        open={isOpen}
        onOpenChange={(next) => !isBusy && setOpen(next)}
        title={title}
        description={description}
        initialFocus={password}
        footer={
          <>
            <Button onClick={() => setOpen(false)} disabled={isBusy}>
              Cancel
            </Button>
            <Button type="submit" form={id} variant={tone} busy={isBusy}>
              {confirm}
            </Button>
          </>
        }
      >
        <form id={id} ref={form} onSubmit={send} className="flex flex-col gap-4 pb-1">
          {errorElsewhere && <Notice tone="bad">{errorElsewhere}</Notice>}
          {/* Password managers need the user name. */}
          <input type="text" name="username" autoComplete="username" defaultValue={userName} readOnly hidden />
          <Field label="Password" error={errorAt(field)}>
            <PasswordInput ref={password} required maxLength={1000} autoComplete="current-password" />
          </Field>
        </form>
      </Dialog>
    </>
  );
}
