"use client";

import { leaveFor } from "@/components/auth/leave-for";
import { PasswordForm } from "./password-form";

/** Replaces a one-time password with one that the user chooses, then opens `returnTo`. */
export function ChoosePassword({ userName, returnTo }: { userName: string; returnTo: string }) {
  return <PasswordForm userName={userName} currentLabel="Temporary password" onChanged={() => leaveFor(returnTo)} />;
}
