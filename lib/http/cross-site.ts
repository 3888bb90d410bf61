import { credentialOf } from "../auth/credentials";
import { isFromOwnPage, ownOrigins } from "../auth/origins";
import { Refusal } from "../errors";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses as `forbidden` a change that a foreign page requests by cookie. Tokens in headers need no such check. */
export function refuseForeignPage(request: Request, allowUrlToken = false): void {
  if (safeMethods.has(request.method) || isFromOwnPage(request.headers)) return;
  if (credentialOf(request, allowUrlToken)?.from !== "cookie") return;

  const origin = request.headers.get("origin");
  const seen = origin === null ? "this request has no Origin header" : `this request comes from ${origin}`;
  throw new Refusal(
    "forbidden",
    `A change made with the session cookie must come from a page of this server (${ownOrigins().join(" or ")}), but ${seen}. ` +
      "If people use Tessera at another URL, set TESSERA_BASE_URL to it. Programs should send a token instead.",
  );
}
