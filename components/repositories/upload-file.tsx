"use client";

import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { useAction } from "@/components/forms/use-action";
import { bytesInWords } from "@/components/results/result-size";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { ProgressBar } from "@/components/ui/progress-bar";
import { notify } from "@/components/ui/toaster";
import { type UploadProgress, useUpload } from "./use-upload";

/** Uploads a data file. It asks before it replaces one, which the server notices. */
export function UploadFile({ repository }: { repository: string }) {
  const router = useRouter();
  const chooser = useRef<HTMLInputElement>(null);
  const { ask, dialog } = useAction();
  const { progress, problem, start, cancel } = useUpload(repository, showDone, askToReplace);

  function showDone({ name }: File) {
    notify.success(`Uploaded ${name}`);
    router.refresh();
  }

  function askToReplace(file: File) {
    const text = "Running jobs keep using the present file. Later jobs use the new one.";
    ask({ title: `Replace ${file.name}?`, confirm: "Replace file", text }, async () => void start(file, true));
  }

  return (
    <div className="flex flex-col items-start gap-3">
      <input
        ref={chooser}
        type="file"
        aria-label="File to upload"
        className="hidden"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) void start(file, false);
          // Otherwise the same file could not be chosen again.
          currentTarget.value = "";
        }}
      />
      <Button icon={<Upload aria-hidden />} busy={progress !== null} onClick={() => chooser.current?.click()}>
        Upload file
      </Button>
      {progress && <Progress progress={progress} onCancel={cancel} />}
      {problem && <Notice tone="bad" title={problem} />}
      {dialog}
    </div>
  );
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
