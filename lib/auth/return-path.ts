const start = "/";

/** The wish if it is a path of this server. Browsers read `//host`, `/\host` and control characters as other hosts. */
export function returnPath(wish: string | null | undefined): string {
  if (!wish || wish.length > 2000 || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wish)) return start;
  const base = "http://tessera.invalid";
  if (!URL.canParse(wish, base)) return start;
  const url = new URL(wish, base);
  // The parameter that the router adds to background requests.
  if (url.searchParams.has("_rsc")) url.searchParams.delete("_rsc");
  const { origin, pathname, search, hash } = url;
  if (origin !== base || pathname.startsWith("//")) return start;
  return /^\/(sign-in|change-password|api)(\/|$)/.test(pathname) ? start : pathname + search + hash;
}

/** The same from the query of the sign-in page: `return`, or next-auth's `callbackUrl`, which is a whole URL. */
export function returnPathOf(query: Record<string, string | string[] | undefined>): string {
  if (typeof query.return === "string") return returnPath(query.return);
  const address = typeof query.callbackUrl === "string" ? query.callbackUrl : "";
  return returnPath(address.replace(/^https?:\/\/[^/]*/, ""));
}
