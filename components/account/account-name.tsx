"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { notify } from "@/components/ui/toaster";
import type { AccountView } from "@/lib/account/schema";

/** One's own name, as others read it. */
export function AccountName({ account }: { account: AccountView }) {
  const router = useRouter();
  const [fullName, setFullName] = useState(account.fullName);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const saved = await api<AccountView>("PATCH", "/api/v1/account", { fullName });
      setFullName(saved.fullName);
      notify.success("Saved your name");
      router.refresh();
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      if (!problem.endsSession) setError(problem.message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form noValidate onSubmit={save} className="flex max-w-md flex-col items-start gap-4">
      <Field label="Full name" error={error} className="w-full">
        <Input
          name="fullName"
          autoComplete="name"
          maxLength={100}
          value={fullName}
          onChange={(event) => setFullName(event.target.value)}
        />
      </Field>
      <Button type="submit" busy={isBusy}>
        Save name
      </Button>
    </form>
  );
}
