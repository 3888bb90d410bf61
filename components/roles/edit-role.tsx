"use client";

import { useRouter } from "next/navigation";
import { api } from "@/components/forms/api";
import { withoutCovered } from "@/components/tokens/permission-choice";
import { notify } from "@/components/ui/toaster";
import type { RoleView } from "@/lib/roles/schema";
import type { GrantableItems } from "@/lib/tokens/schema";
import { type RoleDraft, RoleForm } from "./role-form";
import { RoleImpact } from "./role-impact";

/** Edits a role and shows whom the change affects. It sends only the fields that changed. */
export function EditRole({ role, assignable }: { role: RoleView; assignable: GrantableItems }) {
  const router = useRouter();

  async function save({ title, description, permissions }: RoleDraft) {
    const isSame = permissions.join() === withoutCovered(new Set(role.permissions)).join();
    await api("PATCH", `/api/v1/roles/${role.name}`, { title, description, ...(!isSame && { permissions }) });
    notify.success(`Saved ${title}`);
    router.refresh();
  }

  return (
    <RoleForm
      // A new key resets the form when the role was changed, here or elsewhere.
      key={JSON.stringify([role.title, role.description, role.permissions])}
      draft={role}
      isNew={false}
      everything={role.everything}
      assignable={assignable}
      submit="Save changes"
      onSubmit={save}
      impact={(permissions) => !role.everything && <RoleImpact role={role} permissions={permissions} />}
    />
  );
}
