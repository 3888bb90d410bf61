import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";

/** The end of a form: the error that belongs to no field, the submit button, and other buttons beside it. */
export function FormEnd({
  error,
  submit,
  busy,
  children,
}: {
  error: string | undefined;
  /** The button's label, a verb and its object: "Create role". */
  submit: string;
  busy: boolean;
  children?: ReactNode;
}) {
  return (
    <>
      {error && (
        <Notice tone="bad" className="max-w-2xl">
          {error}
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy}>
          {submit}
        </Button>
        {children}
      </div>
    </>
  );
}
