import { storageOf, storeText } from "../ui/browser-storage";

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
  const last = Number(storageOf("sessionStorage")?.getItem(lastReloadKey));
  if (Date.now() - last < reloadAgainAfterMs) return false;
  // Without it, nothing would say that the page was just reloaded.
  if (!storeText("sessionStorage", lastReloadKey, String(Date.now()))) return false;
  reloadPage();
  return true;
}
