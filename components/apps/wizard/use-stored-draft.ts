import { useEffect, useRef, useState } from "react";
import type { WizardDraft } from "./draft";

/**
 * A draft that survives a reload and going elsewhere in this tab, and ends with it. Null until the tab's storage has been
 * read, which the server cannot do.
 *
 * @param key whose draft, begun from what; of two keys each has its own.
 */
export function useStoredDraft(key: string, opening: WizardDraft) {
  const storageKey = `tessera-app-draft-1 ${key}`;
  const [draft, setDraft] = useState<WizardDraft | null>(null);
  // What an answer changes that comes late is what is there then, not what was there when it was asked for.
  const latest = useRef<WizardDraft | null>(null);

  function show(next: WizardDraft) {
    latest.current = next;
    setDraft(next);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the opening draft comes anew with every refresh, and is used once
  useEffect(() => show(storedDraft(storageKey) ?? opening), [storageKey]);

  function keep(change: Partial<WizardDraft>) {
    if (!latest.current) return;
    const next = { ...latest.current, ...change };
    show(next);
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(next));
    } catch (error) {
      // Storage is off or full: the draft then lives as long as the page, which is no reason to stop the reader.
      console.warn("The draft won't be kept when you reload the page.", error);
    }
  }

  return {
    draft,
    keep,
    /** Forgets it; the page still shows what it showed. */
    clear: () => sessionStorage.removeItem(storageKey),
    startOver: () => {
      sessionStorage.removeItem(storageKey);
      show(opening);
    },
  };
}

function storedDraft(storageKey: string): WizardDraft | null {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
  } catch (error) {
    console.warn("The saved draft can't be read.", error);
    return null;
  }
}
