import { useEffect, useRef, useState } from "react";
import type { WizardDraft } from "./draft";

/**
 * A draft in the tab's session storage, which survives reloads and navigation. Null until the storage was read, because the server
 * cannot read it.
 *
 * @param key identifies the draft.
 */
export function useStoredDraft(key: string, opening: WizardDraft) {
  const storageKey = `tessera-app-draft-1 ${key}`;
  const [draft, setDraft] = useState<WizardDraft | null>(null);
  // A late response must change the current draft, not the one when the request was sent.
  const latest = useRef<WizardDraft | null>(null);

  function show(next: WizardDraft) {
    latest.current = next;
    setDraft(next);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the initial draft is a new object at every refresh, and is used once
  useEffect(() => show(storedDraft(storageKey) ?? opening), [storageKey]);

  function keep(change: Partial<WizardDraft>) {
    if (!latest.current) return;
    const next = { ...latest.current, ...change };
    show(next);
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(next));
    } catch (error) {
      // The storage is disabled or full. The draft then lasts as long as the page.
      console.warn("The draft won't be kept when you reload the page.", error);
    }
  }

  return {
    draft,
    keep,
    /** Deletes the stored draft. The page keeps showing it. */
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
