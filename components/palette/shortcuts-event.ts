const shortcutsEvent = "tessera:shortcuts";

/** Shows the list of keyboard shortcuts. */
export const showShortcuts = () => window.dispatchEvent(new Event(shortcutsEvent));

/** Calls the listener when the list is asked for, until the returned function is called. */
export function onShowShortcuts(listener: () => void): () => void {
  window.addEventListener(shortcutsEvent, listener);
  return () => window.removeEventListener(shortcutsEvent, listener);
}
