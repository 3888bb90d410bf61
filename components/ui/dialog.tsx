"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ComponentProps, ReactNode, RefObject } from "react";
import { IconButton } from "./button";
import { cx } from "./cx";

/**
 * A modal dialog with the content in `children` and the buttons in `footer`, where the main button comes last. With
 * `leavable={false}` it has no close button, and neither Escape nor a click outside closes it.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  leavable = true,
  wide = false,
  initialFocus,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  leavable?: boolean;
  wide?: boolean;
  initialFocus?: RefObject<HTMLElement | null>;
  children?: ReactNode;
}) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => (next || leavable) && onOpenChange(next)}
      disablePointerDismissal={!leavable}
    >
      <Base.Portal>
        <Base.Backdrop className={backdrop} />
        <Base.Popup initialFocus={initialFocus} className={cx(popup, wide ? "max-w-2xl" : "max-w-md")}>
          <div className="flex items-start gap-4 px-5 pt-5">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description && <Base.Description className="mt-1 text-muted">{description}</Base.Description>}
            </div>
            {leavable && (
              <Base.Close render={<IconButton label="Close" className="-mt-1 -mr-2" />}>
                <X aria-hidden />
              </Base.Close>
            )}
          </div>
          {children && <div className="flex flex-col gap-4 overflow-y-auto px-5 pt-4">{children}</div>}
          <DialogFooter>{footer}</DialogFooter>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The row of buttons of a dialog. On a phone they are stacked with the main button on top. */
export function DialogFooter({ className, ...rest }: ComponentProps<"div">) {
  return <div {...rest} className={cx("flex flex-col-reverse gap-2 p-5 sm:flex-row sm:justify-end", className)} />;
}

export const backdrop =
  "dialog-backdrop fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";

export const popup =
  "popup fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-1/2 flex-col overflow-y-auto outline-none " +
  "transition-[scale,opacity] data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0";
