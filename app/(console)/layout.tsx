import type { ReactNode } from "react";
import { SessionKeeper } from "@/components/auth/session-keeper";
import { SignOutButton } from "@/components/auth/sign-out";
import { Shortcuts } from "@/components/palette/shortcuts";
import { Shell } from "@/components/shell/shell";
import { currentSession, requireActor } from "@/lib/auth/current-actor";
import { may } from "@/lib/permissions/effective";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [who, session] = await Promise.all([requireActor(), currentSession()]);
  return (
    <Shell userName={session.userName} administers={may(who, "users:manage")} signOut={<SignOutButton />}>
      {children}
      <SessionKeeper {...session} />
      <Shortcuts administers={may(who, "users:manage")} />
    </Shell>
  );
}
