"use client";

import { useRouter } from "next/navigation";
import { api } from "@/components/forms/api";
import { ButtonLink } from "@/components/ui/button-link";
import { notify } from "@/components/ui/toaster";
import type { GrantableItems } from "@/lib/tokens/schema";
import { type RoleDraft, RoleForm } from "./role-form";

export function NewRole({ assignable }: { assignable: GrantableItems }) {
  const router = useRouter();

  async function create(draft: RoleDraft) {
    await api("POST", "/api/v1/roles", draft);
    notify.success(`Created ${draft.title}`);
    router.push("/admin/roles");
  }

  return (
    <RoleForm
      draft={{ name: "", title: "", description: "", permissions: [] }}
      isNew
      assignable={assignable}
      submit="Create role"
      onSubmit={create}
    >
      <ButtonLink href="/admin/roles" variant="quiet">
        Cancel
      </ButtonLink>
    </RoleForm>
  );
}
