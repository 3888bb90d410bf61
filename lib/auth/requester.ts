import { isIP } from "node:net";

/**
 * Headers that the server in front of every page and endpoint writes, over whatever a client sent: the address of the
 * client, and the path and query of the request.
 */
export const ipHeader = "x-tessera-address";
export const pathHeader = "x-tessera-path";

/** Where a request comes from, as far as this server knows by itself. */
export interface Requester {
  address: string | null;
  agent: string | null;
}

/** The client's address and user agent (at most 400 characters), for the record and for throttling. */
export function requesterOf(headers: Headers): Requester {
  const address = headers.get(ipHeader);
  return {
    address: address && isIP(address) ? plainIp(address) : null,
    agent: headers.get("user-agent")?.slice(0, 400) || null,
  };
}

/** One spelling per address: `::ffff:192.0.2.1` is `192.0.2.1`. */
const plainIp = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").toLowerCase();
