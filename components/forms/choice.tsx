"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "../ui/cx";

type Choice = Omit<ComponentProps<"input">, "type" | "children"> & {
  /** The label beside the control. Leave it out only if there is an `aria-label`, as in a table row. */
  label?: ReactNode;
  hint?: ReactNode;
};

/** A checkbox. `indeterminate` shows a dash, which means that some of several things are selected. */
export function Checkbox({ indeterminate = false, ...rest }: Choice & { indeterminate?: boolean }) {
  return (
    <LabelledControl {...rest}>
      {(control) => (
        <input
          {...control}
          type="checkbox"
          ref={(node) => {
            if (node) node.indeterminate = indeterminate;
          }}
          className="checkbox"
        />
      )}
    </LabelledControl>
  );
}

/** A radio button. All radio buttons of a group have the same `name` and are inside one `FieldGroup`. */
export function Radio(props: Choice) {
  return (
    <LabelledControl {...props}>
      {(control) => (
        <input
          {...control}
          type="radio"
          className={
            "relative size-4 shrink-0 appearance-none rounded-full border border-edge bg-surface align-middle " +
            "checked:border-clay disabled:cursor-not-allowed disabled:opacity-55 " +
            "before:absolute before:inset-[3px] before:rounded-full after:absolute after:-inset-1 checked:before:bg-clay"
          }
        />
      )}
    </LabelledControl>
  );
}

export function Switch(props: Choice) {
  return (
    <LabelledControl {...props}>
      {(control) => (
        <input
          {...control}
          type="checkbox"
          // biome-ignore lint/a11y/useAriaPropsForRole: the browser derives aria-checked from the checkbox
          role="switch"
          className={cx(
            "relative h-5 w-8 shrink-0 appearance-none rounded-full border border-edge bg-sunken transition-colors",
            "before:absolute before:top-[3px] before:left-[3px] before:size-3 before:rounded-full before:bg-edge before:transition-transform",
            "checked:border-clay checked:bg-clay checked:before:translate-x-3 checked:before:bg-on-clay disabled:opacity-55",
          )}
        />
      )}
    </LabelledControl>
  );
}

type Labelled = Choice & { children: (control: ComponentProps<"input">) => ReactNode };

function LabelledControl({ label, hint, className, children, ...control }: Labelled) {
  if (label === undefined) return children(control);
  return (
    <WithLabel label={label} hint={hint} className={className} {...control}>
      {children}
    </WithLabel>
  );
}

function WithLabel({ label, hint, className, children, ...control }: Labelled) {
  const id = useId();
  return (
    <div className={cx("relative flex min-h-6 items-start gap-2 [&>input:not([role=switch])]:mt-0.5", className)}>
      {children({ id, "aria-describedby": hint ? `${id}-hint` : undefined, ...control })}
      <div className="min-w-0">
        <label htmlFor={control.id ?? id} className={cx("block", control.disabled && "text-muted")}>
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
