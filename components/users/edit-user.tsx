"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { notify } from "@/components/ui/toaster";
import type { RoleView } from "@/lib/roles/schema";
import type { UserView } from "@/lib/users/schema";
import { RoleChoice } from "./role-choice";

/** The name and the roles of an account. Sends only what differs. */
export function EditUser({ user, roles }: { user: UserView; roles: RoleView[] }) {
  const router = useRouter();
  const [fullName, setFullName] = useState(user.fullName);
  const [chosen, setChosen] = useState(user.roles);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const errorAt = (field: string) => (problem?.field === field ? problem.message : undefined);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const change = {
      ...(fullName !== user.fullName && { fullName }),
      ...(chosen.toSorted().join() !== user.roles.join() && { roles: chosen }),
    };
    setBusy(true);
    setProblem(null);
    try {
      await api("PATCH", `/api/v1/users/${encodeURIComponent(user.userName)}`, change);
      notify.success(`Saved ${user.userName}`);
      router.refresh();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (!error.endsSession) setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form noValidate onSubmit={save} className="flex max-w-2xl flex-col items-start gap-6">
      <Field label="Name" error={errorAt("fullName")} className="w-full">
        <Input
          name="fullName"
          autoComplete="off"
          maxLength={100}
          value={fullName}
          onChange={(event) => setFullName(event.target.value)}
        />
      </Field>
      <RoleChoice roles={roles} chosen={chosen} onChange={setChosen} error={errorAt("roles")} />
      {problem && !["fullName", "roles"].includes(problem.field ?? "") && <Notice tone="bad">{problem.message}</Notice>}
      <Button type="submit" variant="primary" busy={isBusy}>
        Save changes
      </Button>
    </form>
  );
}
