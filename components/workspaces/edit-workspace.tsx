"use client";

import { useState } from "react";
import { ApiProblem } from "@/components/forms/api";
import { FormEnd } from "@/components/forms/form-end";
import { useSubmission } from "@/components/forms/use-submission";
import { ButtonLink } from "@/components/ui/button-link";
import type { WorkspacePath } from "@/lib/workspaces/schema";
import { OtherText, type Published } from "./other-text";
import { Restored } from "./restored";
import { runPageOf } from "./run-page-url";
import { fetchSource, type Replacing } from "./send-source";
import { SourceField } from "./source-field";
import { useDraft } from "./use-draft";
import { usePublish } from "./use-publish";
import { useSourceProblem } from "./use-source-problem";

/** Edits the published text of a workspace, or replaces it with a file. It never replaces a text that its author has not
 * seen without asking. */
export function EditWorkspace({
  userName,
  path,
  published,
}: {
  userName: string;
  path: WorkspacePath;
  published: { text: string; tag: string };
}) {
  const { form, isBusy, submit, errorElsewhere } = useSubmission([]);
  const { problem, error, judge, clear } = useSourceProblem();
  const draft = useDraft(`${userName}:${path.repository}/${path.name}`, published);
  const send = usePublish(draft);
  const [other, setOther] = useState<Published | null>(null);
  const page = runPageOf({ repository: path.repository, workspace: path.name });

  async function publish(replacing: Replacing) {
    await judge(async () => {
      try {
        await send(path, replacing);
      } catch (refusal) {
        if (!(refusal instanceof ApiProblem && (refusal.status === 412 || refusal.status === 409))) throw refusal;
        setOther(await readPublished(path));
      }
    });
  }

  function change(text: string) {
    clear();
    draft.change({ text });
  }

  function takeOther({ text, tag }: { text: string; tag: string }) {
    clear();
    draft.change({ text, tag });
    setOther(null);
  }

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => submit(event, () => publish({ tag: draft.tag ?? "" }))}
      className="flex min-w-0 flex-col gap-6"
    >
      {draft.isRestored && <Restored onDiscard={draft.forget} />}
      <SourceField text={draft.text} onChange={change} problem={problem} error={error} />
      {other && (
        <OtherText
          published={other}
          busy={isBusy}
          onReplace={(event) => submit(event, () => publish(other === "removed" ? "nothing" : { tag: other.tag }))}
          onTake={takeOther}
        />
      )}
      <FormEnd error={errorElsewhere} submit="Publish changes" busy={isBusy}>
        <ButtonLink href={page} variant="quiet">
          Cancel
        </ButtonLink>
      </FormEnd>
    </form>
  );
}

async function readPublished(path: WorkspacePath): Promise<Published> {
  try {
    return await fetchSource(path);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return "removed";
    throw error;
  }
}
