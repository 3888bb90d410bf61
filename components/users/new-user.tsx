"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "@/components/forms/api";
import { Field } from "@/components/forms/field";
import { FormEnd } from "@/components/forms/form-end";
import { Input } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { ButtonLink } from "@/components/ui/button-link";
import type { RoleView } from "@/lib/roles/schema";
import type { CreatedUser } from "@/lib/users/schema";
import OneTimePasswordDialog from "./one-time-password-dialog";
import { RoleChoice } from "./role-choice";
import { usersHref } from "./search";

/** Creates a user and reveals the temporary password, in a dialog whose code is loaded with the form. */
export function NewUser({ roles }: { roles: RoleView[] }) {
  const router = useRouter();
  const [draft, setDraft] = useState({ userName: "", fullName: "", roles: ["user"] });
  const { form, isBusy, submit, errorAt, errorElsewhere, leaveDialog } = useSubmission(
    ["userName", "fullName", "roles"],
    { input: { values: draft, restore: setDraft } },
  );
  const [created, setCreated] = useState<CreatedUser | null>(null);
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });

  async function create() {
    setCreated(await api<CreatedUser>("POST", "/api/v1/users", draft));
  }

  return (
    <>
      <form ref={form} noValidate onSubmit={(event) => submit(event, create)} className="flex max-w-2xl flex-col gap-6">
        <Field label="Username" hint="Used to sign in. You can't change it later." error={errorAt("userName")}>
          <Input
            name="userName"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            value={draft.userName}
            onChange={(event) => set({ userName: event.target.value })}
          />
        </Field>
        <Field label="Full name" hint="Shown to other users. They can change it." error={errorAt("fullName")}>
          <Input
            name="fullName"
            autoComplete="off"
            maxLength={100}
            value={draft.fullName}
            onChange={(event) => set({ fullName: event.target.value })}
          />
        </Field>
        <RoleChoice
          roles={roles}
          chosen={draft.roles}
          onChange={(chosen) => set({ roles: chosen })}
          error={errorAt("roles")}
        />
        <FormEnd error={errorElsewhere} submit="Create user" busy={isBusy}>
          <ButtonLink href={usersHref()} variant="quiet">
            Cancel
          </ButtonLink>
        </FormEnd>
        {leaveDialog}
      </form>
      {created?.oneTimePassword && (
        <OneTimePasswordDialog
          userName={created.userName}
          password={created.oneTimePassword}
          onDone={() => router.push(usersHref())}
        />
      )}
    </>
  );
}
