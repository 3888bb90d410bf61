"use client";

import { type ReactNode, useState } from "react";
import { Field, FieldGroup } from "@/components/forms/field";
import { FormEnd } from "@/components/forms/form-end";
import { Input, Textarea } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { withoutCovered } from "@/components/tokens/permission-choice";
import { PermissionGrid } from "@/components/tokens/permission-grid";
import type { RoleView } from "@/lib/roles/schema";
import type { GrantableItems } from "@/lib/tokens/schema";

export type RoleDraft = Pick<RoleView, "name" | "title" | "description" | "permissions">;

const fields = ["title", "name", "description", "permissions"];

/** Edits a role. Errors of the API are shown at their fields; the input stays. */
export function RoleForm({
  draft: initial,
  isNew,
  everything = false,
  assignable,
  submit: label,
  onSubmit,
  impact,
  children,
}: {
  draft: RoleDraft;
  /** A new role also gets its name, which the API uses. */
  isNew: boolean;
  /** The role has all permissions, so there is no list to edit. */
  everything?: boolean;
  assignable: GrantableItems;
  submit: string;
  onSubmit: (draft: RoleDraft) => Promise<void>;
  /** Shows what saving these permissions will change. */
  impact?: (permissions: string[]) => ReactNode;
  children?: ReactNode;
}) {
  const [draft, setDraft] = useState(initial);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(initial.permissions));
  const { form, isBusy, submit, errorAt, errorElsewhere, leaveDialog } = useSubmission(fields, {
    input: {
      values: { draft, permissions: [...chosen].sort() },
      restore(kept) {
        setDraft(kept.draft);
        setChosen(new Set(kept.permissions));
      },
    },
  });
  const set = (change: Partial<RoleDraft>) => setDraft({ ...draft, ...change });
  const permissions = withoutCovered(chosen);

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => submit(event, () => onSubmit({ ...draft, permissions }))}
      className="flex flex-col gap-6"
    >
      <div className="flex max-w-2xl flex-col gap-6">
        <RoleDetails draft={draft} isNew={isNew} set={set} errorAt={errorAt} />
      </div>
      {everything ? (
        <p className="text-muted">This role always has all permissions, so there is no list to edit.</p>
      ) : (
        <FieldGroup
          legend="Permissions"
          hint="Members of this role get these permissions. For single repositories, workspaces and apps, you can only choose permissions that you have yourself."
          error={errorAt("permissions")}
        >
          <PermissionGrid
            grantable={assignable}
            chosen={chosen}
            onChange={setChosen}
            beyond={{ title: "Shared by other owners", hint: "If you clear one, you can't add it back" }}
          />
        </FieldGroup>
      )}
      {impact?.(permissions)}
      <FormEnd error={errorElsewhere} submit={label} busy={isBusy}>
        {children}
      </FormEnd>
      {leaveDialog}
    </form>
  );
}

function RoleDetails({
  draft,
  isNew,
  set,
  errorAt,
}: {
  draft: RoleDraft;
  isNew: boolean;
  set: (change: Partial<RoleDraft>) => void;
  errorAt: (field: string) => string | undefined;
}) {
  return (
    <>
      <Field label="Title" hint="The name that people see." error={errorAt("title")}>
        <Input
          name="title"
          autoComplete="off"
          maxLength={100}
          value={draft.title}
          onChange={(event) => set({ title: event.target.value })}
        />
      </Field>
      {isNew && (
        <Field
          label="Name"
          hint="Used by the API. Lowercase letters, digits and hyphens. You can't change it later."
          error={errorAt("name")}
        >
          <Input
            name="name"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={40}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
      )}
      <Field label="Description" optional error={errorAt("description")}>
        <Textarea
          name="description"
          maxLength={500}
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
    </>
  );
}
