"use client";

import { CircleAlert } from "lucide-react";
import { createContext, type ReactNode, type RefObject, use, useEffect, useId, useRef, useState } from "react";
import { cx } from "../ui/cx";

type FieldControl = { id: string; "aria-describedby"?: string; "aria-invalid"?: true; "aria-required"?: true };

const FieldContext = createContext<FieldControl | null>(null);

/** The attributes that connect a control to the label, hint and error of its `Field`. */
export function useFieldControl(): Partial<FieldControl> {
  return use(FieldContext) ?? {};
}

/**
 * The error of a field, until one of its controls changes: it was about the former value. The next submission of the form
 * shows it again if it is still there. `box` and `onChange` belong to the element around the controls.
 */
export function useErrorUntilChange<Box extends HTMLElement>(
  error: ReactNode,
): { current: ReactNode; box: RefObject<Box | null>; onChange: () => void } {
  const box = useRef<Box>(null);
  const [seen, setSeen] = useState({ error, isOver: false });
  if (seen.error !== error) setSeen({ error, isOver: false });

  useEffect(() => {
    const form = box.current?.closest("form");
    const showAgain = () => setSeen((now) => ({ ...now, isOver: false }));
    form?.addEventListener("submit", showAgain);
    return () => form?.removeEventListener("submit", showAgain);
  }, []);

  const onChange = () => setSeen((now) => (now.error && !now.isOver ? { ...now, isOver: true } : now));
  return { current: seen.isOver ? undefined : error, box, onChange };
}

/**
 * A label, one control, and the error and the hint below it. A field is required unless it is `optional`. The error is shown
 * until the control changes.
 */
export function Field({
  label,
  hint,
  error,
  optional = false,
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  optional?: boolean;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const { current, box, onChange } = useErrorUntilChange<HTMLDivElement>(error);
  const described = [current && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  const control: FieldControl = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": current ? true : undefined,
    "aria-required": optional ? undefined : true,
  };
  return (
    <div ref={box} onChange={onChange} className={cx("flex flex-col gap-1 wrap-anywhere", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional && <span className="font-normal text-muted"> (optional)</span>}
      </label>
      <FieldContext value={control}>{children}</FieldContext>
      <FieldError id={`${id}-error`}>{current}</FieldError>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

/** Several controls for one question, with one legend, one hint and one error, which is shown until one of them changes. */
export function FieldGroup({
  legend,
  hint,
  error,
  className,
  children,
}: {
  legend: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const { current, box, onChange } = useErrorUntilChange<HTMLFieldSetElement>(error);
  const described = [current && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <fieldset
      ref={box}
      onChange={onChange}
      aria-describedby={described || undefined}
      className={cx("flex min-w-0 flex-col gap-2", className)}
    >
      <legend className="text-sm font-medium">{legend}</legend>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {children}
      <FieldError id={`${id}-error`}>{current}</FieldError>
    </fieldset>
  );
}

/** The error under a control. Screen readers announce it when it appears. */
export function FieldError({ id, children }: { id?: string; children?: ReactNode }) {
  return (
    <p id={id} role="alert" className={cx("flex items-start gap-1 text-sm text-bad", !children && "hidden")}>
      {children && <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />}
      <span>{children}</span>
    </p>
  );
}
