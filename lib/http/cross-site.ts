import { comesFromOwnPage, ownOrigins } from "../auth/origins";
import { Refusal } from "../errors";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a change asked with a cookie by a page that is not ours. A browser sends cookies by itself; a token in the
 * Authorization header it does not, so that needs no such check.
 *
 * @throws Refusal `forbidden` that says which setting to change when the page was ours after all.
 */
export function refuseForeignPage(request: Request): void {
  const { method, headers } = request;
  if (safeMethods.has(method) || !comesWithCookie(headers) || comesFromOwnPage(headers)) return;

  const origin = headers.get("origin");
  const seen = origin === null ? "it does not say which page it comes from" : `it comes from ${origin}`;
  throw new Refusal(
    "forbidden",
    `A change made with the session cookie must come from a page of this server (${ownOrigins().join(" or ")}), but ${seen}. ` +
      "If people reach Tessera under another address, set TESSERA_BASE_URL to it; programs send a token instead.",
  );
}

function comesWithCookie(headers: Headers): boolean {
  return headers.has("cookie") && !/^(bearer|fmetoken)\s/i.test(headers.get("authorization") ?? "");
}
