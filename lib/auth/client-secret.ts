import { Refusal } from "../errors";
import type { HeaderReader } from "./requester";

/** The secret of `client_secret_basic` (RFC 6749 section 2.3.1), or null. The client id can be anything. */
export function basicSecretOf(headers: HeaderReader): string | null {
  const encoded = /^basic +([^\s,]*)\s*$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (encoded === undefined) return null;
  const [, secret = ""] = Buffer.from(encoded, "base64").toString().split(/:(.*)/s);
  return formDecoded(secret);
}

/** Clients encode the id and the secret like the fields of a form. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** A client that used Basic is challenged with Basic (RFC 6749 section 5.2). */
export function challengedByBasic(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== "unauthenticated") return error;
  const { code, message, extra } = error;
  return new Refusal(code, message, { extra, headers: { "WWW-Authenticate": 'Basic realm="Tessera"' } });
}
