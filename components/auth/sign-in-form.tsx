"use client";

import { useEffect, useRef } from "react";
import { Field } from "../forms/field";
import { Input } from "../forms/input";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { leaveFor } from "./leave-for";
import { PasswordInput } from "./password-input";
import { useSignIn } from "./use-sign-in";

/** Signs in with user name and password, then loads `returnTo` as a new document. */
export function SignInForm({ returnTo }: { returnTo: string }) {
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
      <Button type="submit" variant="primary" busy={busy} disabled={waitSeconds > 0} className="mt-1 w-full">
        {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : "Sign in"}
      </Button>
    </form>
  );
}
