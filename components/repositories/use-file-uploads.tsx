"use client";

import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ComponentProps, type ReactNode, useRef } from "react";
import { useAction } from "@/components/forms/use-action";
import { useFileChooser } from "@/components/forms/use-file-chooser";
import { bytesInWords } from "@/components/results/result-size";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { ProgressBar } from "@/components/ui/progress-bar";
import { notify } from "@/components/ui/toaster";
import { type UploadProgress, useUpload } from "./use-upload";

/** Uploads data files to a repository: by a button, by dropping a file, or in place of a given file, which keeps its name. It
 * asks before it replaces a file. Render `button` and `status` once. */
export function useFileUploads(repository: string): {
  button: ReactNode;
  /** Progress, problems and questions. */
  status: ReactNode;
  dropTarget: Pick<ComponentProps<"div">, "onDragOver" | "onDrop">;
  replace: (name: string) => void;
} {
  const router = useRouter();
  /** The name under which the next chosen file is stored; null for its own. */
  const storedAs = useRef<string | null>(null);
  const { ask, dialog } = useAction();
  const { progress, problem, start, cancel } = useUpload(repository, showDone, askToReplace);
  const chooser = useFileChooser("File to upload", take);

  function showDone({ name }: File) {
    notify.success(`Uploaded ${name}`);
    router.refresh();
  }

  function askToReplace(file: File) {
    const text = "Running jobs keep using the present file. Later jobs use the new one.";
    ask({ title: `Replace ${file.name}?`, confirm: "Replace file", text }, async () => void start(file, true));
  }

  function choose(name: string | null) {
    storedAs.current = name;
    chooser.open();
  }

  function take(file: File | undefined) {
    const name = storedAs.current;
    storedAs.current = null;
    if (!file || progress) return;
    if (name === null) void start(file, false);
    else askToReplace(new File([file], name, { type: file.type }));
  }

  return {
    button: (
      <Button size="sm" icon={<Upload aria-hidden />} busy={progress !== null} onClick={() => choose(null)}>
        Upload file
      </Button>
    ),
    status: (
      <>
        {chooser.input}
        {progress && <Progress progress={progress} onCancel={cancel} />}
        {problem && <Notice tone="bad" title={problem} />}
        {dialog}
      </>
    ),
    dropTarget: {
      onDragOver: (event) => {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      },
      onDrop: (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        storedAs.current = null;
        take(event.dataTransfer.files[0]);
      },
    },
    replace: choose,
  };
}

function Progress({ progress, onCancel }: { progress: UploadProgress; onCancel: () => void }) {
  const { name, sent, size, isWaiting } = progress;
  return (
    <div className="flex w-full max-w-md flex-col gap-2">
      <div className="flex items-baseline justify-between gap-4">
        <p className="min-w-0 break-all">{name}</p>
        <p role="status" className="shrink-0 text-sm text-muted">
          {isWaiting ? "Connection lost. Trying again …" : `${bytesInWords(sent)} of ${bytesInWords(size)}`}
        </p>
      </div>
      <ProgressBar label={`Upload of ${name}`} done={sent} of={size} />
      <Button size="sm" className="self-start" onClick={onCancel}>
        Cancel upload
      </Button>
    </div>
  );
}
