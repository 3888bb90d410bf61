import type { ReactNode } from "react";
import { SessionKeeper } from "@/components/auth/session-keeper";
import { SignOutButton } from "@/components/auth/sign-out";
import { Shell } from "@/components/shell/shell";
import { currentSession } from "@/lib/auth/current-actor";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  return (
    <Shell userName={session.userName} signOut={<SignOutButton />}>
      {children}
      <SessionKeeper {...session} />
    </Shell>
  );
}
