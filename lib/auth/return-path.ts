const start = "/";

/**
 * Where to go after signing in: a path of this server, with query and fragment, or the start page for anything else.
 * Browsers read `//host`, `/\host` and paths with control characters as other hosts; the pages of signing in would go in circles.
 */
export function returnPath(wish: string | null | undefined): string {
  if (!wish || wish.length > 2000 || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wish)) return start;
  const base = "http://tessera.invalid";
  if (!URL.canParse(wish, base)) return start;
  const url = new URL(wish, base);
  // What the router adds when it asks for a page in the background.
  if (url.searchParams.has("_rsc")) url.searchParams.delete("_rsc");
  const { origin, pathname, search, hash } = url;
  if (origin !== base || pathname.startsWith("//")) return start;
  return /^\/(sign-in|change-password|api)(\/|$)/.test(pathname) ? start : pathname + search + hash;
}

/** The same for the query of the sign-in page: our own `return`, or the whole address that next-auth calls `callbackUrl`. */
export function returnPathOf(query: Record<string, string | string[] | undefined>): string {
  if (typeof query.return === "string") return returnPath(query.return);
  const address = typeof query.callbackUrl === "string" ? query.callbackUrl : "";
  return returnPath(address.replace(/^https?:\/\/[^/]*/, ""));
}
