"use client";

import { type ComponentType, useEffect, useRef, useState } from "react";
import type { ToasterProps } from "sonner";

/**
 * Short messages about what was just done: `notify.success("Disabled 3 tokens")`. What must be acted on belongs into the
 * page, not here. The library is fetched with the first message, not with the page.
 */
export const notify = {
  success: (message: string) => show("success", message),
  error: (message: string) => show("error", message),
};

async function show(kind: "success" | "error", message: string) {
  const { toast } = await import("sonner");
  await mount?.();
  toast[kind](message);
}

/** Shows the region of the messages, and resolves once it listens; a message sent earlier would be lost. */
let mount: (() => Promise<void>) | undefined;

/** The place of the messages; once, in the root layout. */
export function Toaster() {
  const [{ Region }, setRegion] = useState<{ Region?: ComponentType<ToasterProps> }>({});
  const waiting = useRef<(() => void)[]>([]);

  useEffect(() => {
    mount = async () => {
      const { Toaster: Sonner } = await import("sonner");
      await new Promise<void>((resolve) => {
        waiting.current.push(resolve);
        setRegion((shown) => (shown.Region ? shown : { Region: Sonner }));
        if (Region) resolve();
      });
    };
    if (Region) for (const resolve of waiting.current.splice(0)) resolve();
    return () => {
      mount = undefined;
    };
  }, [Region]);

  return (
    Region && (
      <Region
        position="bottom-right"
        duration={5000}
        style={{ fontFamily: "inherit" }}
        toastOptions={{
          unstyled: true,
          classNames: {
            toast: "popup flex w-full items-center gap-2 p-3 text-base",
            success: "[&_svg]:text-ok",
            error: "[&_svg]:text-bad",
          },
        }}
      />
    )
  );
}
