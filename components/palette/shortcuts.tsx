"use client";

import { useEffect, useState } from "react";
import { useStoredText } from "@/components/ui/use-stored-text";
import { part } from "../parts/part";
import { onShowShortcuts } from "./shortcuts-event";

const Palette = part(() => import("./palette"), { onClose: ({ onClose }) => onClose() });
const ShortcutList = part(() => import("./shortcut-list"), { onClose: ({ onClose }) => onClose() });

/** Listens for the keyboard shortcuts of the console. Their dialogs are loaded when they are first opened. */
export function Shortcuts({ administers }: { administers: boolean }) {
  const [shown, setShown] = useState<"palette" | "list" | null>(null);
  const [singleKeys, storeSingleKeys] = useStoredText("tessera-single-keys");
  const hasSingleKeys = singleKeys !== "off";

  useEffect(() => onShowShortcuts(() => setShown("list")), []);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isPaletteKey(event)) {
        event.preventDefault();
        setShown((before) => (before === "palette" ? null : "palette"));
        return;
      }
      if (!hasSingleKeys || !isFree(event)) return;
      const target = targetOf(event.key);
      if (event.key === "?") setShown("list");
      else if (target instanceof HTMLInputElement) target.focus();
      else if (target) target.click();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [hasSingleKeys]);

  const close = () => setShown(null);

  return (
    <>
      {shown === "palette" && <Palette administers={administers} onClose={close} />}
      {shown === "list" && (
        <ShortcutList
          hasSingleKeys={hasSingleKeys}
          onSingleKeysChange={(isOn) => storeSingleKeys(isOn ? "on" : "off")}
          onClose={close}
        />
      )}
    </>
  );
}

const isPaletteKey = ({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent) =>
  key.toLowerCase() === "k" && (ctrlKey || metaKey) && !altKey && !shiftKey;

/** Whether the key means nothing else where the focus is. */
function isFree({ target, defaultPrevented, isComposing, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (defaultPrevented || isComposing || ctrlKey || metaKey || altKey) return false;
  if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]")) return false;
  return document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") === null;
}

/** The search field of the page for `/`, the link to the page that makes a new item for `n`. */
function targetOf(key: string): HTMLElement | null {
  if (key === "/") return document.querySelector<HTMLElement>("#content input[type=search]");
  const toNew = "#content a:is([href$='/new'], [href$='/-/publish'])";
  return key === "n" ? document.querySelector<HTMLElement>(toNew) : null;
}
