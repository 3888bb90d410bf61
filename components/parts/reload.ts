/** The window event before the page is reloaded for a part that is missing. Forms keep their input for the new page. */
export const beforeReload = "tessera:before-reload";

const lastReloadKey = "tessera-reloaded-at";
const reloadAgainAfterMs = 60_000;

/** Any answer means that the server can be reached. */
export async function isServerReachable(): Promise<boolean> {
  return fetch("/health/live", { cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

/** Reloads the page. What was typed into its forms is there again afterwards. */
export function reloadPage(): void {
  window.dispatchEvent(new Event(beforeReload));
  window.location.reload();
}

/** Reloads the page unless this has just been done, so that a part that stays missing is said instead. */
export function reloadPageOnce(): boolean {
  try {
    const last = Number(sessionStorage.getItem(lastReloadKey));
    if (Date.now() - last < reloadAgainAfterMs) return false;
    sessionStorage.setItem(lastReloadKey, String(Date.now()));
  } catch {
    // Without a storage, it would not be known that the page was reloaded.
    return false;
  }
  reloadPage();
  return true;
}
