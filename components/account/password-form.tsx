"use client";

import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { PasswordInput } from "@/components/auth/password-input";
import { ApiProblem, api } from "@/components/forms/api";
import { Checkbox } from "@/components/forms/choice";
import { Field } from "@/components/forms/field";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { ChangedPassword } from "@/lib/account/schema";

/**
 * Asks for the current password and a new one. Only the fields hold the passwords, and they are cleared after the change.
 *
 * @param onChanged called after the change. The form stays busy until its promise settles.
 */
export function PasswordForm({
  userName,
  currentLabel,
  offersTokens = false,
  provider = null,
  onChanged,
  children,
}: {
  userName: string;
  /** "Current password", "Temporary password". */
  currentLabel: string;
  /** Offers to disable the API tokens, too. */
  offersTokens?: boolean;
  /** The identity provider from which it offers to disconnect the account, too. */
  provider?: string | null;
  onChanged: (changed: ChangedPassword) => void | Promise<void>;
  /** Shown beside the button. */
  children?: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ message: string; field?: string } | null>(null);
  const errorAt = (field: string) => (problem?.field === field ? problem.message : undefined);
  const isAtField = problem?.field === "currentPassword" || problem?.field === "newPassword";

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const typed = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const changed = await api<ChangedPassword>("PUT", "/api/v1/account/password", {
        currentPassword: String(typed.get("currentPassword")),
        newPassword: String(typed.get("newPassword")),
        disableTokens: typed.has("disableTokens"),
        disconnectProvider: typed.has("disconnectProvider"),
      });
      form.current?.reset();
      await onChanged(changed);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
    } finally {
      setBusy(false);
    }
  }

  return (
    <form ref={form} onSubmit={send} className="flex max-w-md flex-col gap-4">
      {problem && !isAtField && <Notice tone="bad">{problem.message}</Notice>}
      {/* Password managers need the user name. */}
      <input type="text" name="username" autoComplete="username" defaultValue={userName} readOnly hidden />
      <Field label={currentLabel} error={errorAt("currentPassword")}>
        <PasswordInput name="currentPassword" required maxLength={1000} autoComplete="current-password" />
      </Field>
      <Field
        label="New password"
        hint="15 to 128 characters. Several unrelated words work well."
        error={errorAt("newPassword")}
      >
        <PasswordInput name="newPassword" required maxLength={1000} autoComplete="new-password" />
      </Field>
      {offersTokens && (
        <Checkbox
          name="disableTokens"
          label="Also disable my API tokens"
          hint="Choose this if someone else may know your password. Programs and apps that use your tokens stop working until you enable the tokens again."
        />
      )}
      {provider && (
        <Checkbox
          name="disconnectProvider"
          label={`Also disconnect ${provider}`}
          hint="Choose this if someone else may know your password, since they may have connected your account with their own identity."
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={isBusy}>
          Change password
        </Button>
        {children}
      </div>
    </form>
  );
}
