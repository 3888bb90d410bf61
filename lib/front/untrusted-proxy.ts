import type { IncomingMessage } from "node:http";
import { log } from "../log";
import { forwardingHeaders } from "./header-survey";

/** Returns a function that says once in the log that requests come through a proxy that no setting names. */
export function untrustedProxyNotice(trustedProxies: readonly string[]): (request: IncomingMessage) => void {
  let isDue = trustedProxies.length === 0;
  return ({ headers, socket }) => {
    if (!isDue || !forwardingHeaders.some((name) => headers[name] !== undefined)) return;
    isDue = false;
    log.warn(
      { peer: socket.remoteAddress },
      "A request has forwarding headers, but TESSERA_TRUSTED_PROXIES is not set, so they are ignored and the address of the peer " +
        "counts as the client's. If the peer is your proxy, set TESSERA_TRUSTED_PROXIES to its address.",
    );
  };
}
