"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "@/components/forms/api";
import { Field } from "@/components/forms/field";
import { FormEnd } from "@/components/forms/form-end";
import { Input } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { notify } from "@/components/ui/toaster";
import type { RoleView } from "@/lib/roles/schema";
import type { UserView } from "@/lib/users/schema";
import { RoleChoice } from "./role-choice";

/** Edits name and roles of a user. It sends only the fields that changed. */
export function EditUser({ user, roles }: { user: UserView; roles: RoleView[] }) {
  const router = useRouter();
  const [fullName, setFullName] = useState(user.fullName);
  const [chosen, setChosen] = useState(user.roles);
  const { form, isBusy, submit, errorAt, errorElsewhere, leaveDialog } = useSubmission(["fullName", "roles"], {
    input: {
      values: { fullName, roles: chosen.toSorted() },
      restore(kept) {
        setFullName(kept.fullName);
        setChosen(kept.roles);
      },
    },
  });

  async function save() {
    await api("PATCH", `/api/v1/users/${encodeURIComponent(user.userName)}`, {
      ...(fullName !== user.fullName && { fullName }),
      ...(chosen.toSorted().join() !== user.roles.join() && { roles: chosen }),
    });
    notify.success(`Saved ${user.userName}`);
    router.refresh();
  }

  return (
    <form ref={form} noValidate onSubmit={(event) => submit(event, save)} className="flex max-w-2xl flex-col gap-6">
      <Field label="Full name" error={errorAt("fullName")}>
        <Input
          name="fullName"
          autoComplete="off"
          maxLength={100}
          value={fullName}
          onChange={(event) => setFullName(event.target.value)}
        />
      </Field>
      <RoleChoice roles={roles} chosen={chosen} onChange={setChosen} error={errorAt("roles")} />
      <FormEnd error={errorElsewhere} submit="Save changes" busy={isBusy} />
      {leaveDialog}
    </form>
  );
}
