"use client";

import Link from "next/link";
import { type MouseEvent, useState } from "react";
import { ApiProblem } from "@/components/forms/api";
import { Field } from "@/components/forms/field";
import { FormEnd } from "@/components/forms/form-end";
import { NameInput, Select } from "@/components/forms/input";
import { useSubmission } from "@/components/forms/use-submission";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import type { WorkspacePath } from "@/lib/workspaces/schema";
import { Restored } from "./restored";
import { runPageOf } from "./run-page-url";
import type { Replacing } from "./send-source";
import { SourceField } from "./source-field";
import { useDraft } from "./use-draft";
import { usePublish } from "./use-publish";
import { useSourceProblem } from "./use-source-problem";

const example = {
  text: `/*---
title: New workspace
description: What people get when they run it.
output: json
parameters:
  - name: NAME
    type: text
    label: Your name
    default: world
---*/
SELECT 'Hello, ' || $NAME AS greeting
`,
  tag: null,
};

/** Publishes a new workspace, and shows its page. */
export function PublishWorkspace({
  userName,
  repositories,
  repository: chosen,
}: {
  userName: string;
  /** Those in which the user may publish, at least one. */
  repositories: string[];
  /** The one that is chosen at first. */
  repository: string;
}) {
  const { form, isBusy, submit, refuse, errorAt, errorElsewhere } = useSubmission(["name"]);
  const { problem, error, judge, clear } = useSourceProblem();
  const draft = useDraft(`${userName}:new-workspace`, example);
  const send = usePublish(draft);
  const [repository, setRepository] = useState(chosen);
  const [name, setName] = useState("");
  const [taken, setTaken] = useState<WorkspacePath | null>(null);
  const path = { repository, name: name.trim() };

  async function publish(replacing: Replacing) {
    setTaken(null);
    if (path.name === "") return refuse({ field: "name", message: "Enter a name." });
    await judge(async () => {
      try {
        await send(path, replacing);
      } catch (refusal) {
        if (!(refusal instanceof ApiProblem && refusal.status === 412)) throw refusal;
        setTaken(path);
      }
    });
  }

  function change(text: string) {
    clear();
    draft.change({ text });
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => submit(event, () => publish("nothing"))}
      className="flex min-w-0 flex-col gap-6"
    >
      {draft.isRestored && <Restored onDiscard={draft.forget} />}
      <div className="grid max-w-2xl grid-cols-1 gap-6 sm:grid-cols-2 sm:items-start">
        <Field label="Repository" hint="Its data files can be read by the query.">
          <Select name="repository" value={repository} onChange={(event) => setRepository(event.target.value)}>
            {repositories.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </Field>
        <Field label="Name" hint="Used in its URL and by programs." error={errorAt("name")}>
          <NameInput value={name} onChange={setName} />
        </Field>
      </div>
      <SourceField
        text={draft.text}
        onChange={change}
        onFileName={(fileName) => setName((given) => given || fileName)}
        problem={problem}
        error={error}
      />
      {taken && <Taken path={taken} busy={isBusy} onReplace={(event) => submit(event, () => publish("anything"))} />}
      <FormEnd error={errorElsewhere} submit="Publish workspace" busy={isBusy}>
        <ButtonLink href="/workspaces" variant="quiet">
          Cancel
        </ButtonLink>
      </FormEnd>
    </form>
  );
}

function Taken({
  path: { repository, name },
  busy,
  onReplace,
}: {
  path: WorkspacePath;
  busy: boolean;
  onReplace: (event: MouseEvent) => void;
}) {
  return (
    <Notice tone="warn" title={`${repository} already has a workspace ${name}.`}>
      <p>Choose another name, or replace it with this text. Apps that use it will run the new text.</p>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button size="sm" busy={busy} onClick={onReplace}>
          Replace {name}
        </Button>
        <Link
          href={runPageOf({ repository, workspace: name })}
          target="_blank"
          className="rounded-[4px] text-clay-ink underline underline-offset-2"
        >
          Look at it in a new tab
        </Link>
      </div>
    </Notice>
  );
}
