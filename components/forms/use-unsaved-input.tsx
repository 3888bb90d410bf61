"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { storageOf, storeText } from "@/components/ui/browser-storage";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { beforeReload } from "../parts/reload";
import { leavingPage } from "./leave-page";

/** The input of a form: what it has now, and how to show what was kept while the page was reloaded. */
export interface FormInput<Values> {
  values: Values;
  restore(kept: Values): void;
}

/**
 * Asks before a link, the Back button or the browser leaves a page with unsaved input, and keeps that input when the page is
 * reloaded for a missing part. `values` must be JSON and contain no secret. Render `dialog` once.
 *
 * @returns `accept`, which says that these values are saved.
 */
export function useUnsavedInput<Values>({ values, restore }: FormInput<Values>): {
  accept: () => void;
  dialog: ReactNode;
} {
  const written = JSON.stringify(values);
  const [saved, setSaved] = useState(written);
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const isLeaving = useRef(false);
  const isEdited = written !== saved;

  useKeptInput(isEdited ? written : null, isLeaving, restore);
  useEffect(() => {
    isLeaving.current = false;
    if (!isEdited) return;
    const ask = (go: () => void) => {
      setLeave(() => () => {
        isLeaving.current = true;
        go();
      });
    };
    return guardPage(isLeaving, ask);
  }, [isEdited]);

  const dialog = leave && (
    <ConfirmDialog
      open
      onOpenChange={() => setLeave(null)}
      title="Leave without saving?"
      confirm="Leave"
      cancel="Keep editing"
      onConfirm={() => {
        setLeave(null);
        leave();
      }}
    >
      <p>Your changes on this page are not saved.</p>
    </ConfirmDialog>
  );
  return { accept: () => setSaved(written), dialog };
}

/** Stops links, the Back button and the browser from leaving the page, unless `isLeaving`. Returns how to end this. */
function guardPage(isLeaving: { current: boolean }, ask: (go: () => void) => void): () => void {
  const onClick = (event: MouseEvent) => {
    const link = linkOf(event);
    if (isLeaving.current || !link) return;
    event.preventDefault();
    event.stopPropagation();
    ask(() => link.click());
  };
  const onScript = (event: Event) => {
    if (isLeaving.current) return;
    event.preventDefault();
    ask((event as CustomEvent<() => void>).detail);
  };
  const onUnload = (event: BeforeUnloadEvent) => {
    if (!isLeaving.current) event.preventDefault();
  };
  const onTraverse = (event: NavigateEvent) => {
    if (isLeaving.current || event.navigationType !== "traverse" || !event.cancelable) return;
    const { key } = event.destination;
    event.preventDefault();
    ask(() => void window.navigation.traverseTo(key));
  };
  window.addEventListener("click", onClick, true);
  window.addEventListener(leavingPage, onScript);
  window.addEventListener("beforeunload", onUnload);
  // Browsers without the Navigation API leave with the Back button as before.
  window.navigation?.addEventListener("navigate", onTraverse);
  return () => {
    window.removeEventListener("click", onClick, true);
    window.removeEventListener(leavingPage, onScript);
    window.removeEventListener("beforeunload", onUnload);
    window.navigation?.removeEventListener("navigate", onTraverse);
  };
}

/** The link of a click that shows another page of this server in place of this one. */
function linkOf(event: MouseEvent): HTMLAnchorElement | null {
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  if (!isPlain || !link || link.hasAttribute("download") || (link.target && link.target !== "_self")) return null;
  const isSamePage = link.pathname === location.pathname && link.search === location.search;
  return link.origin === location.origin && !isSamePage ? link : null;
}

const keptKey = () => `tessera-kept-input ${location.pathname}${location.search}`;

/** Keeps the unsaved input while the page is reloaded for a missing part, and restores it in the new page. */
function useKeptInput<Values>(
  unsaved: string | null,
  isLeaving: { current: boolean },
  restore: (kept: Values) => void,
): void {
  const latestRestore = useRef(restore);
  latestRestore.current = restore;

  useEffect(() => {
    const storage = storageOf("sessionStorage");
    const kept = storage?.getItem(keptKey());
    if (!kept) return;
    storage?.removeItem(keptKey());
    latestRestore.current(JSON.parse(kept));
  }, []);

  useEffect(() => {
    if (unsaved === null) return;
    const keep = () => {
      storeText("sessionStorage", keptKey(), unsaved);
      isLeaving.current = true;
    };
    window.addEventListener(beforeReload, keep);
    return () => window.removeEventListener(beforeReload, keep);
  }, [unsaved, isLeaving]);
}
