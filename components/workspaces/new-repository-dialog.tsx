"use client";

import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { api } from "@/components/forms/api";
import { Field } from "@/components/forms/field";
import { NameInput, Textarea } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { notify } from "@/components/ui/toaster";
import type { RepositoryView } from "@/lib/repositories/schema";

/** Asks for the name and description of a new repository, creates it and shows its page. */
export default function NewRepositoryDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const id = useId();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const { form, isBusy, submit, errorAt, errorElsewhere } = useSubmission(["name", "description"], {
    onSessionEnd: onClose,
  });

  async function create() {
    const repository = await api<RepositoryView>("POST", "/api/v1/repositories", { name: name.trim(), description });
    notify.success(`Created ${repository.name}`);
    router.push(`/workspaces/${encodeURIComponent(repository.name)}`);
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !isBusy && onClose()}
      title="New repository"
      description="A folder for workspaces and the data files that they read. You will own it, and can share it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" busy={isBusy}>
            Create repository
          </Button>
        </>
      }
    >
      <form ref={form} id={id} noValidate onSubmit={(event) => submit(event, create)} className="flex flex-col gap-4">
        <Field
          label="Name"
          hint="It is part of URLs and permissions, and can't be changed later."
          error={errorAt("name")}
        >
          <NameInput value={name} onChange={setName} />
        </Field>
        <Field label="Description" optional error={errorAt("description")}>
          <Textarea
            name="description"
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Field>
      </form>
      {errorElsewhere && <Notice tone="bad">{errorElsewhere}</Notice>}
    </Dialog>
  );
}
