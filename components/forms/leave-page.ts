/** The cancelable window event before a script leaves the page; its detail is what leaves. A form with unsaved input asks first. */
export const leavingPage = "tessera:leaving-page";

/** Leaves the page as `go` does, unless a form has to ask first. Links need no such call. */
export function leavePage(go: () => void): void {
  if (window.dispatchEvent(new CustomEvent(leavingPage, { cancelable: true, detail: go }))) go();
}
