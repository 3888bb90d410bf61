"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "@/components/forms/api";
import { Field } from "@/components/forms/field";
import { Input } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import type { AccountView } from "@/lib/account/schema";

/** Changes the user's own full name, which other users see. */
export function AccountName({ account }: { account: AccountView }) {
  const router = useRouter();
  const [fullName, setFullName] = useState(account.fullName);
  const { form, isBusy, submit, errorAt, errorElsewhere, leaveDialog } = useSubmission(["fullName"], {
    input: { values: fullName, restore: setFullName },
  });

  async function save() {
    const saved = await api<AccountView>("PATCH", "/api/v1/account", { fullName });
    setFullName(saved.fullName);
    notify.success("Saved your name");
    router.refresh();
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => submit(event, save)}
      className="flex max-w-md flex-col items-start gap-4"
    >
      <Field label="Full name" error={errorAt("fullName") ?? errorElsewhere} className="w-full">
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
      {leaveDialog}
    </form>
  );
}
