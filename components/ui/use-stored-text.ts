"use client";

import { useSyncExternalStore } from "react";
import { storageOf, storeText } from "./browser-storage";

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

/** What this page has written, for browsers that store nothing. */
const written = new Map<string, string>();
const listeners = new Set<() => void>();

function read(key: string): string | null {
  return written.get(key) ?? storageOf("localStorage")?.getItem(key) ?? null;
}

function write(key: string, text: string): void {
  written.set(key, text);
  storeText("localStorage", key, text);
  for (const listener of listeners) listener();
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
