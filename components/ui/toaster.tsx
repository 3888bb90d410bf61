"use client";

import { type ComponentType, useEffect, useRef, useState } from "react";
import type { ToasterProps } from "sonner";

/**
 * Shows a short message about an action that has just ended: `notify.success("Disabled 3 tokens")`. A message that needs a
 * reaction belongs in the page. The library is loaded with the first message.
 */
export const notify = {
  success: (message: string) => show("success", message),
  error: (message: string) => show("error", message),
};

async function show(kind: "success" | "error", message: string) {
  try {
    const { toast } = await import("sonner");
    await mount?.();
    toast[kind](message);
  } catch {
    showPlainly?.(message);
  }
}

/** Shows a message without the library, which could not be loaded. */
let showPlainly: ((message: string) => void) | undefined;
const durationMs = 5000;

/** Mounts the region of the messages. It resolves when the region is ready, because an earlier message would be lost. */
let mount: (() => Promise<void>) | undefined;

/** The region of the messages. It belongs in the root layout, once. */
export function Toaster() {
  const [{ Region }, setRegion] = useState<{ Region?: ComponentType<ToasterProps> }>({});
  const pending = useRef<(() => void)[]>([]);
  const [plain, setPlain] = useState("");

  useEffect(() => {
    showPlainly = setPlain;
    return () => {
      showPlainly = undefined;
    };
  }, []);

  useEffect(() => {
    if (!plain) return;
    const timer = setTimeout(() => setPlain(""), durationMs);
    return () => clearTimeout(timer);
  }, [plain]);

  useEffect(() => {
    mount = async () => {
      const { Toaster: Sonner } = await import("sonner");
      await new Promise<void>((resolve) => {
        pending.current.push(resolve);
        setRegion((shown) => (shown.Region ? shown : { Region: Sonner }));
        if (Region) resolve();
      });
    };
    if (Region) for (const resolve of pending.current.splice(0)) resolve();
    return () => {
      mount = undefined;
    };
  }, [Region]);

  if (plain) {
    return (
      <p role="alert" className="popup fixed right-4 bottom-4 z-50 max-w-[calc(100vw-2rem)] p-3">
        {plain}
      </p>
    );
  }
  return (
    Region && (
      <Region
        position="bottom-right"
        duration={durationMs}
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
