"use client";

import type { ColumnVisibilityState } from "@tanstack/react-table";
import { useMemo, useSyncExternalStore } from "react";
import { formatHiddenColumns, parseHiddenColumns } from "./column-visibility";
import type { HideableColumn } from "./definition";

/**
 * Which columns of a table are shown, as remembered in this browser, and how to change it. All users of one table's id see
 * the same, in other tabs too. On the server, and while the page hydrates, every column is shown.
 */
export function useColumnVisibility({ id, hideable }: { id: string; hideable: HideableColumn[] }): {
  visibility: ColumnVisibilityState;
  setVisible: (columnId: string, isVisible: boolean) => void;
} {
  const key = `tessera-columns-${id}`;
  const stored = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  const visibility = useMemo(() => parseHiddenColumns(stored, hideable), [stored, hideable]);
  return {
    visibility,
    setVisible: (columnId, isVisible) =>
      write(key, formatHiddenColumns(visibility, hideable, { id: columnId, isVisible })),
  };
}

/** What this page has written. It serves alone where the browser stores nothing. */
const written = new Map<string, string>();
const listeners = new Set<() => void>();

function read(key: string): string | null {
  return written.get(key) ?? storage()?.getItem(key) ?? null;
}

function write(key: string, hidden: string): void {
  written.set(key, hidden);
  try {
    storage()?.setItem(key, hidden);
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
