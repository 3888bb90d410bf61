import type { ReactNode } from "react";
import { Mark } from "@/components/ui/mark";

/** The layout of an app's page: only the app and the name of the product. */
export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 md:px-8">
      <main id="content" className="flex flex-1 flex-col gap-6 py-6 md:py-10">
        {children}
      </main>
      <footer className="flex items-center gap-1.5 border-t border-line py-4 text-sm text-muted">
        <Mark className="size-4" />
        Powered by Tessera
      </footer>
    </div>
  );
}
