"use client";

import { type ReactNode, useRef } from "react";

/** Opens the browser's dialog that chooses a file. Render `input` once. */
export function useFileChooser(
  label: string,
  onFile: (file: File | undefined) => void,
  accept?: string,
): { input: ReactNode; open: () => void } {
  const chooser = useRef<HTMLInputElement>(null);
  const input = (
    <input
      ref={chooser}
      type="file"
      accept={accept}
      aria-label={label}
      className="hidden"
      onChange={({ currentTarget }) => {
        onFile(currentTarget.files?.[0]);
        // Otherwise the same file could not be chosen again.
        currentTarget.value = "";
      }}
    />
  );
  return { input, open: () => chooser.current?.click() };
}
