"use client";

import { useRouter } from "next/navigation";
import { lazy, Suspense, useState } from "react";
import { ApiProblem, api } from "@/components/api";
import { Button } from "@/components/ui/button";
import { notify } from "@/components/ui/toaster";
import type { RoleView } from "@/lib/roles/schema";

const ConfirmDialog = lazy(() =>
  import("@/components/ui/confirm-dialog").then((module) => ({ default: module.ConfirmDialog })),
);

/** Removes a role that nobody has, and leads back to the list. */
export function RemoveRole({ role }: { role: RoleView }) {
  const router = useRouter();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function remove() {
    setBusy(true);
    setProblem(undefined);
    try {
      await api("DELETE", `/api/v1/roles/${role.name}`);
      notify.success(`Removed ${role.title}`);
      router.push("/admin/roles");
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.endsSession) setAsking(false);
      else setProblem(error.message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Button onClick={() => setAsking(true)}>Remove…</Button>
      {isAsking && (
        <Suspense>
          <ConfirmDialog
            open
            onOpenChange={setAsking}
            title={`Remove ${role.title}?`}
            confirm="Remove role"
            busy={isBusy}
            error={problem}
            onConfirm={remove}
          >
            <p>Nobody has it. What owners shared with it is no longer shared. This cannot be taken back.</p>
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}
