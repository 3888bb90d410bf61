"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useRef } from "react";
import { Button } from "./button";
import { cx } from "./cx";
import { backdrop, DialogFooter, popup } from "./dialog";
import { Notice } from "./notice";

/**
 * Asks before an action that cannot be undone or that has serious effects. `confirm` names the action with a verb and its
 * object ("Remove 3 tokens"), never "OK". The focus starts on Cancel. With an `error` the dialog stays open and shows it.
 */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  confirm,
  cancel = "Cancel",
  tone = "danger",
  busy = false,
  error,
  onConfirm,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  confirm: ReactNode;
  cancel?: ReactNode;
  tone?: "danger" | "primary";
  busy?: boolean;
  error?: ReactNode;
  onConfirm: () => void;
  /** The effects of the action in a sentence or two. Screen readers read it with the title. */
  children: ReactNode;
}) {
  const cancelButton = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !busy && onOpenChange(next)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup initialFocus={cancelButton} className={cx(popup, "max-w-md")}>
          <AlertDialog.Title className="px-5 pt-5 text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description
            render={<div />}
            className="flex flex-col gap-2 px-5 pt-2 text-muted [&_strong]:font-medium [&_strong]:text-ink"
          >
            {children}
          </AlertDialog.Description>
          {error && (
            <Notice tone="bad" className="mx-5 mt-4">
              {error}
            </Notice>
          )}
          <DialogFooter>
            <AlertDialog.Close ref={cancelButton} render={<Button />}>
              {cancel}
            </AlertDialog.Close>
            <Button variant={tone} busy={busy} onClick={() => onConfirm()}>
              {confirm}
            </Button>
          </DialogFooter>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
