/** The window event that says that a navigation within the console has started. */
export const navigationEvent = "tessera:navigation";

/** Says that a navigation to another URL has started. One to the same URL changes nothing that tells its end. */
export function navigationStarted(url: string): void {
  const { pathname, search } = new URL(url, location.href);
  if (pathname === location.pathname && search === location.search) return;
  // Next calls this inside the transition, which would hold back until its end what the listeners show.
  queueMicrotask(() => window.dispatchEvent(new Event(navigationEvent)));
}
