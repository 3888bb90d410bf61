"use client";

import { useRouter } from "next/navigation";
import { api } from "@/components/forms/api";
import { useAction } from "@/components/forms/use-action";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";

/** Removes a repository without workspaces and data files, and shows the list. */
export function RemoveRepository({ name }: { name: string }) {
  const router = useRouter();
  const { ask, dialog } = useAction();
  const confirmation = {
    title: `Remove ${name}?`,
    confirm: "Remove repository",
    text: "It has no workspaces and no data files. Its sharing is removed too, and past jobs are kept. This can't be undone.",
  };

  async function remove() {
    await api("DELETE", `/api/v1/repositories/${encodeURIComponent(name)}?onlyEmpty=true`);
    notify.success(`Removed ${name}`);
    router.push("/workspaces");
  }

  return (
    <>
      <Button onClick={() => ask(confirmation, remove)}>Remove…</Button>
      {dialog}
    </>
  );
}
