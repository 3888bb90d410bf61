"use client";

import { useRouter } from "next/navigation";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import type { RoleView } from "@/lib/roles/schema";

/** Removes a role without members, and shows the list. */
export function RemoveRole({ role }: { role: RoleView }) {
  const router = useRouter();
  const { ask, dialog } = useAction();
  const confirmation = {
    title: `Remove ${role.title}?`,
    confirm: "Remove role",
    text: "This role has no members. Anything shared with it is no longer shared. This can't be undone.",
  };

  async function remove() {
    await api("DELETE", `/api/v1/roles/${role.name}`);
    notify.success(`Removed ${role.title}`);
    router.push("/admin/roles");
  }

  return (
    <>
      <Button onClick={() => ask(confirmation, remove)}>Remove…</Button>
      {dialog}
    </>
  );
}
