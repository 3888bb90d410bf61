import type { ReactNode } from "react";
import { Mark } from "@/components/ui/mark";

/** A page that consists of one message and one action. */
export function Message({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-md flex-col items-start justify-center gap-2 px-6">
      <Mark className="mb-2 size-8" />
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      <p className="text-muted">{children}</p>
      <div className="mt-2">{action}</div>
    </div>
  );
}
