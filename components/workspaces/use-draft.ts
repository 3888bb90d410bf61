"use client";

import { useEffect, useState } from "react";

/**
 * A text that is not published yet, with the ETag of the published text from which it was made. It is kept in this browser tab
 * until `forget`, so that neither an error, nor another page, nor a reload loses it. Leaving the site asks first.
 *
 * @param key names what is edited and by whom.
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
    sessionStorage.removeItem(storageKey);
    setRestored(false);
    setDraft(published);
  }

  return { ...draft, isChanged, isRestored, change, forget };
}

function readStored(key: string): { text: string; tag: string | null } | null {
  const stored = sessionStorage.getItem(key);
  return stored === null ? null : JSON.parse(stored);
}

/** Without room, the text is in the page alone, and leaving it asks. */
function store(key: string, draft: { text: string; tag: string | null }): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "QuotaExceededError")) throw error;
    sessionStorage.removeItem(key);
  }
}
