"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { type ApiProblem, api } from "@/components/forms/api";
import { Field, FieldGroup } from "@/components/forms/field";
import { FormEnd } from "@/components/forms/form-end";
import { Input, Textarea } from "@/components/forms/input";
import { useRequest } from "@/components/forms/use-request";
import { useUnsavedInput } from "@/components/forms/use-unsaved-input";
import { notify } from "@/components/ui/toaster";
import type { AppView } from "@/lib/apps/schema";
import type { PublishedParameter } from "@/lib/workspaces/schema";
import { parametersAnchor } from "./app-faults";
import { appParametersOf, choiceProblems, openingChoices } from "./parameter-choices";
import { ParameterList } from "./parameter-list";

/** Edits an app: name, description, parameters, and the sites that may embed it. */
export function AppSettings({
  app,
  published,
}: {
  app: AppView;
  /** The parameters of its workspace; null when that cannot be read. */
  published: readonly PublishedParameter[] | null;
}) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(app.name);
  const [description, setDescription] = useState(app.description);
  const [choices, setChoices] = useState(() => openingChoices(published ?? [], app.parameters));
  const [origins, setOrigins] = useState(app.frameOrigins.join("\n"));
  const { isBusy, run } = useRequest();
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<string>();
  const { accept, dialog: leaveDialog } = useUnsavedInput({
    values: { name, description, choices, origins },
    restore(kept) {
      setName(kept.name);
      setDescription(kept.description);
      setChoices(kept.choices);
      setOrigins(kept.origins);
    },
  });

  function show(found: Record<string, string>) {
    setProblems(found);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const found = published ? choiceProblems(published, choices) : {};
    setRefusal(undefined);
    show(found);
    if (Object.keys(found).length > 0) return;
    await run(send, { onRefused: refuse });
  }

  async function send() {
    await api("PATCH", `/api/v1/apps/${app.slug}`, {
      name: name.trim(),
      description: description.trim(),
      frameOrigins: origins.split(/\s+/).filter(Boolean),
      ...(published && { parameters: appParametersOf(published, choices) }),
    });
    accept();
    notify.success(`Saved ${name.trim()}`);
    router.refresh();
  }

  function refuse(problem: ApiProblem) {
    const field = fieldOf(problem.field, published ?? []);
    if (field) show({ [field]: problem.message });
    else setRefusal(problem.message);
  }

  return (
    <form ref={form} noValidate onSubmit={save} aria-label="Settings" className="flex max-w-3xl flex-col gap-6">
      <Field label="Name" hint="The app's token has the same name." error={problems.name}>
        <Input name="name" autoComplete="off" maxLength={100} value={name} onChange={onText(setName)} />
      </Field>
      <Field label="Description" optional error={problems.description}>
        <Textarea name="description" maxLength={500} value={description} onChange={onText(setDescription)} />
      </Field>
      {published && (
        <div id={parametersAnchor} className="scroll-mt-16">
          <FieldGroup legend="Parameters">
            <ParameterList published={published} choices={choices} onChange={setChoices} problems={problems} />
          </FieldGroup>
        </div>
      )}
      <AllowedSites value={origins} onChange={setOrigins} error={problems.frameOrigins} />
      <FormEnd error={refusal} submit="Save changes" busy={isBusy} />
      {leaveDialog}
    </form>
  );
}

const onText = (set: (text: string) => void) => (event: { target: { value: string } }) => set(event.target.value);

function AllowedSites({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  return (
    <Field
      label="Allowed sites for embedding"
      optional
      hint="One origin per line, like https://www.example.org. Other sites can't embed the app."
      error={error}
    >
      <Textarea
        name="frameOrigins"
        rows={2}
        spellCheck={false}
        autoCapitalize="none"
        className="font-mono"
        value={value}
        onChange={onText(onChange)}
      />
    </Field>
  );
}

/** Where on this form a refused field is: `frameOrigins.2` is the list of them, `parameters.LEVEL` the parameter. */
function fieldOf(field: string | undefined, published: readonly PublishedParameter[]): string | null {
  const [root = "", part] = (field ?? "").split(".");
  if (root === "parameters") return published.some(({ name }) => name === part) ? (part ?? null) : null;
  return ["name", "description", "frameOrigins"].includes(root) ? root : null;
}
