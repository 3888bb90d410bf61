"use client";

import { useEffect, useState } from "react";
import { storageOf, storeText } from "@/components/ui/browser-storage";

/**
 * A text that is not published yet, with the ETag of the published text from which it was made. It is kept in this browser tab
 * until `forget`, so that neither an error, nor another page, nor a reload loses it. Leaving the site asks first.
 *
 * @param key contains the user name and the workspace.
 */
export function useDraft(key: string, published: { text: string; tag: string | null }) {
  const storageKey = `tessera-draft:${key}`;
  const [draft, setDraft] = useState(published);
  const [isRestored, setRestored] = useState(false);
  const isChanged = draft.text !== published.text;

  useEffect(() => {
    const stored = readStored(storageKey);
    if (!stored) return;
    setDraft(stored);
    setRestored(true);
  }, [storageKey]);

  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isChanged]);

  function change(next: Partial<typeof draft>) {
    const changed = { ...draft, ...next };
    setDraft(changed);
    store(storageKey, changed);
  }

  function forget() {
    storageOf("sessionStorage")?.removeItem(storageKey);
    setRestored(false);
    setDraft(published);
  }

  return { ...draft, isChanged, isRestored, change, forget };
}

function readStored(key: string): { text: string; tag: string | null } | null {
  return JSON.parse(storageOf("sessionStorage")?.getItem(key) ?? "null");
}

/** A draft that does not fit is only in the page, which asks before it is left. An older one would be wrong. */
function store(key: string, draft: { text: string; tag: string | null }): void {
  if (!storeText("sessionStorage", key, JSON.stringify(draft))) storageOf("sessionStorage")?.removeItem(key);
}
