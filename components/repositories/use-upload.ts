"use client";

import { useEffect, useRef, useState } from "react";
import { ApiProblem } from "@/components/forms/api";
import { sendFile } from "./send-file";

export interface UploadProgress {
  name: string;
  size: number;
  /** How many bytes the server has. */
  sent: number;
  /** Whether the server cannot be reached at the moment. */
  isWaiting: boolean;
}

/** Uploads one file at a time. Leaving the page cancels it. `problem` says why the last upload failed. `onTaken` is called
 * for a file that exists and that `start` may not replace. */
export function useUpload(repository: string, onDone: (file: File) => void, onTaken: (file: File) => void) {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [problem, setProblem] = useState<string>();
  const abort = useRef<AbortController>(null);

  useEffect(() => () => abort.current?.abort(), []);

  async function start(file: File, replace: boolean): Promise<void> {
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    let now: UploadProgress = { name: file.name, size: file.size, sent: 0, isWaiting: false };
    const show = (news: Partial<UploadProgress>) => {
      now = { ...now, ...news };
      setProgress(now);
    };
    setProblem(undefined);
    show({});
    try {
      const onProgress = (sent: number) => show({ sent });
      const onWaiting = (isWaiting: boolean) => show({ isWaiting });
      await sendFile(file, { repository, file: file.name }, { replace, signal, onProgress, onWaiting });
      onDone(file);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (signal.aborted || error.endsSession) return;
      if (error.status === 412) onTaken(file);
      else setProblem(error.message);
    } finally {
      setProgress(null);
    }
  }

  return { progress, problem, start, cancel: () => abort.current?.abort() };
}
