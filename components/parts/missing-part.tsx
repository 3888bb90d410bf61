"use client";

import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Loadable } from "./loadable";
import { isServerReachable, reloadPage } from "./reload";

const title = "This part of the page couldn't be loaded.";

/**
 * Says in the place of parts that they could not be loaded, in a dialog if it can be closed. *Reload* tries once more, then
 * reloads the page, and does neither as long as the server cannot be reached.
 */
export function MissingPart({
  parts,
  onLoaded,
  onClose,
}: {
  parts: readonly Loadable[];
  onLoaded: () => void;
  onClose?: () => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const [isCutOff, setCutOff] = useState(false);

  async function reload() {
    setBusy(true);
    if (await isServerReachable()) {
      setCutOff(false);
      await Promise.all(parts.map((each) => each.load())).then(onLoaded, reloadPage);
    } else setCutOff(true);
    setBusy(false);
  }

  const text = isCutOff
    ? "The server still can't be reached. Check your connection and try again."
    : "You may be offline, or the server was updated. Reload the page to continue. What you typed into its forms is kept.";
  const button = (
    <Button size={onClose ? "md" : "sm"} variant={onClose ? "primary" : "secondary"} busy={isBusy} onClick={reload}>
      Reload
    </Button>
  );
  if (onClose) return <MissingDialog text={text} button={button} onClose={onClose} />;
  return (
    <Notice tone="bad" title={title}>
      <p className="mb-2">{text}</p>
      {button}
    </Notice>
  );
}

/** The browser's own dialog, because the code of the others is loaded on demand. */
function MissingDialog({ text, button, onClose }: { text: string; button: ReactNode; onClose: () => void }) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // The focus returns only if the dialog is closed before it leaves the page.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="popup m-auto w-[calc(100vw-2rem)] max-w-md p-5 text-base text-ink backdrop:bg-scrim"
    >
      <h2 id={`${id}-title`} className="text-lg font-semibold">
        {title}
      </h2>
      <p id={`${id}-text`} role="status" className="mt-1 text-muted">
        {text}
      </p>
      <div className="mt-5 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <Button onClick={onClose}>Close</Button>
        {button}
      </div>
    </dialog>
  );
}
