import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { requireActor } from "@/lib/auth/current-actor";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const who = await requireActor();
  return (
    <Shell userName={who.userName} signOut={null}>
      {children}
    </Shell>
  );
}
