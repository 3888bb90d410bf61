"use client";

import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { api } from "@/components/forms/api";
import { Field } from "@/components/forms/field";
import { NameInput, Select } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { notify } from "@/components/ui/toaster";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { runPageOf, workspaceUrl } from "./run-page-url";

/** Asks for another name or repository of a workspace, and shows its page there. */
export default function MoveDialog({
  workspace,
  repositories,
  onClose,
}: {
  workspace: WorkspaceView;
  repositories: string[];
  onClose: () => void;
}) {
  const router = useRouter();
  const id = useId();
  const [name, setName] = useState(workspace.name);
  const [repository, setRepository] = useState(workspace.repository);
  const { form, isBusy, submit, errorAt, errorElsewhere } = useSubmission(["name", "repository"], {
    onSessionEnd: onClose,
  });
  const isMoved = repository !== workspace.repository;

  async function move() {
    const change = { name: name.trim(), ...(isMoved && { repository }) };
    const moved = await api<WorkspaceView>("PATCH", workspaceUrl(workspace), change);
    notify.success(isMoved ? `Moved to ${moved.repository}` : `Renamed to ${moved.name}`);
    onClose();
    router.replace(runPageOf({ repository: moved.repository, workspace: moved.name }));
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !isBusy && onClose()}
      title={`Rename or move ${workspace.title}`}
      description="Its apps, tokens and jobs follow. Its URL changes, so programs that run it need the new one."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" busy={isBusy}>
            {isMoved ? "Move workspace" : "Rename workspace"}
          </Button>
        </>
      }
    >
      <form ref={form} id={id} noValidate onSubmit={(event) => submit(event, move)} className="flex flex-col gap-4">
        <Field label="Name" error={errorAt("name")}>
          <NameInput value={name} onChange={setName} />
        </Field>
        <Field label="Repository" error={errorAt("repository")}>
          <Select name="repository" value={repository} onChange={(event) => setRepository(event.target.value)}>
            {[...new Set([workspace.repository, ...repositories])].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </Field>
      </form>
      {isMoved && (
        <Notice tone="warn">
          It will read the data files of {repository}. Users and roles that this workspace alone is shared with lose it.
        </Notice>
      )}
      {errorElsewhere && <Notice tone="bad">{errorElsewhere}</Notice>}
    </Dialog>
  );
}
