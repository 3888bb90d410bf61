import type { IncomingHttpHeaders } from "node:http";
import type { HeaderReader } from "../auth/requester";

/** Node's headers, read like the web's `Headers` that the usual way makes of them: an empty one counts as missing. */
export class IncomingHeaders implements HeaderReader {
  constructor(readonly headers: IncomingHttpHeaders) {}

  /** @param name in lower case. */
  get(name: string): string | null {
    const value = this.headers[name];
    if (!value) return null;
    return typeof value === "string" ? value : value.join(", ");
  }
}
