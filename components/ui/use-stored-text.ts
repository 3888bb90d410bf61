"use client";

import { useSyncExternalStore } from "react";

/**
 * A text that this browser remembers, and how to change it. All that use one key see the same, in other tabs too. It is null
 * at first, on the server, and while the page hydrates.
 */
export function useStoredText(key: string): [stored: string | null, store: (text: string) => void] {
  const stored = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  return [stored, (text) => write(key, text)];
}

/** What this page has written. It serves alone where the browser stores nothing. */
const written = new Map<string, string>();
const listeners = new Set<() => void>();

function read(key: string): string | null {
  return written.get(key) ?? storage()?.getItem(key) ?? null;
}

function write(key: string, text: string): void {
  written.set(key, text);
  try {
    storage()?.setItem(key, text);
  } catch (error) {
    // A full storage forgets the choice with the page, and that is all it does.
    if (!(error instanceof DOMException)) throw error;
  }
  for (const listener of listeners) listener();
}

/** Browsers that are told to store nothing throw when they are asked for their storage. */
function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

function subscribe(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === null) written.clear();
    else written.delete(key);
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}
