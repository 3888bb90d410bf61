"use client";

import { useRouter } from "next/navigation";
import { useId } from "react";
import { Field } from "../forms/field";
import { Input } from "../forms/input";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Notice } from "../ui/notice";
import { PasswordInput } from "./password-input";
import { useSignIn } from "./use-sign-in";

interface SignInAgainProps {
  userName: string;
  provider: string | null;
  onSignedIn: () => Promise<unknown>;
}

/** A dialog that asks the user to sign in again. The page behind it keeps its state. */
export default function SignInAgain({ userName, provider, onSignedIn }: SignInAgainProps) {
  const form = useId();
  const router = useRouter();
  const { problem, submit, busy, waitSeconds, password } = useSignIn(userName, async () => {
    await onSignedIn();
    router.refresh();
  });
  return (
    <Dialog
      open
      onOpenChange={() => undefined}
      leavable={false}
      title="Sign in again"
      description="Your session has ended. Your unsaved changes on this page are kept."
      initialFocus={password}
      footer={
        <>
          <a
            href="/sign-in"
            target="_blank"
            rel="noopener"
            className="flex h-8 items-center justify-center rounded px-3 text-muted underline-offset-2 hover:text-ink hover:underline"
          >
            {provider ? `Sign in with ${provider} in a new tab` : "Use another account"}
          </a>
          <Button type="submit" form={form} variant="primary" busy={busy} disabled={waitSeconds > 0}>
            {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : "Sign in"}
          </Button>
        </>
      }
    >
      <form id={form} action={submit} className="flex flex-col gap-4 pb-1">
        {problem && <Notice tone="bad">{problem.message}</Notice>}
        <Field label="Username">
          <Input name="username" value={userName} readOnly autoComplete="username" className="bg-sunken" />
        </Field>
        <Field label="Password">
          <PasswordInput ref={password} name="password" required maxLength={1000} autoComplete="current-password" />
        </Field>
      </form>
    </Dialog>
  );
}
