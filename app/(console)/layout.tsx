import { type ReactNode, Suspense } from "react";
import { SessionKeeper } from "@/components/auth/session-keeper";
import { SignOutButton } from "@/components/auth/sign-out";
import { Shortcuts } from "@/components/palette/shortcuts";
import { NavigationBar } from "@/components/shell/navigation-bar";
import { Shell } from "@/components/shell/shell";
import { currentSession, requireActor } from "@/lib/auth/current-actor";
import { may } from "@/lib/permissions/effective";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [who, session] = await Promise.all([requireActor(), currentSession()]);
  return (
    <Shell userName={session.userName} administers={may(who, "users:manage")} signOut={<SignOutButton />}>
      {children}
      <Suspense>
        <NavigationBar />
      </Suspense>
      <SessionKeeper {...session} />
      <Shortcuts administers={may(who, "users:manage")} />
    </Shell>
  );
}
