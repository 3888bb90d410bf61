"use client";

import { useEffect, useRef, useState } from "react";
import { Checkbox } from "../forms/choice";
import { Field } from "../forms/field";
import { Input } from "../forms/input";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { leaveFor } from "./leave-for";
import { PasswordInput } from "./password-input";
import { ProviderButton } from "./provider-button";
import { useSignIn } from "./use-sign-in";

/**
 * Signs in with user name and password, or through the identity provider of this name, then loads `returnTo` as a new
 * document. "Stay signed in" applies to both.
 */
export function SignInForm({ returnTo, provider }: { returnTo: string; provider: string | null }) {
  const [stay, setStay] = useState(false);
  return (
    <>
      <PasswordForm returnTo={returnTo} stay={stay} onStayChange={setStay} />
      {provider && (
        <>
          <p className="flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            or
          </p>
          <ProviderButton name={provider} returnTo={returnTo} stay={stay} />
        </>
      )}
    </>
  );
}

interface PasswordFormProps {
  returnTo: string;
  stay: boolean;
  onStayChange: (stay: boolean) => void;
}

function PasswordForm({ returnTo, stay, onStayChange }: PasswordFormProps) {
  const first = useRef<HTMLInputElement>(null);
  const { userName, problem, submit, busy, waitSeconds, password } = useSignIn("", () => leaveFor(returnTo));
  useEffect(() => first.current?.focus(), []);

  return (
    <form action={submit} className="flex flex-col gap-4">
      {problem && <Notice tone="bad">{problem.message}</Notice>}
      <Field label="Username">
        <Input
          ref={first}
          name="username"
          defaultValue={userName}
          required
          maxLength={200}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
        />
      </Field>
      <Field label="Password">
        <PasswordInput ref={password} name="password" required maxLength={1000} autoComplete="current-password" />
      </Field>
      <Checkbox
        name="stay"
        label="Stay signed in"
        hint="Keeps you signed in when you close the browser."
        checked={stay}
        onChange={({ currentTarget }) => onStayChange(currentTarget.checked)}
      />
      <Button type="submit" variant="primary" busy={busy} disabled={waitSeconds > 0} className="mt-1 w-full">
        {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : "Sign in"}
      </Button>
    </form>
  );
}
