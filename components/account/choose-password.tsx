"use client";

import { PasswordForm } from "./password-form";

/** Replaces a one-time password by one of one's own, and goes on to `returnTo`. */
export function ChoosePassword({ userName, returnTo }: { userName: string; returnTo: string }) {
  return <PasswordForm userName={userName} currentLabel="Temporary password" onChanged={() => leaveFor(returnTo)} />;
}

/** Leaves the page; never resolves, so that the form stays as it is until then. */
function leaveFor(path: string): Promise<never> {
  window.location.assign(path);
  return new Promise(() => undefined);
}
