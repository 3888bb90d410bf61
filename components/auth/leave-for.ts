/** Loads another page. The promise never resolves, so that the form stays busy until the browser leaves the page. */
export function leaveFor(path: string): Promise<never> {
  window.location.assign(path);
  return new Promise(() => undefined);
}
