import { isIP } from "node:net";

/**
 * Headers that the HTTP server sets on each request, replacing what the client sent: the client's IP address, and the path and query
 * of the request.
 */
export const ipHeader = "x-tessera-address";
export const pathHeader = "x-tessera-path";

/** The client of a request, as this server has determined it. */
export interface Requester {
  ip: string | null;
  agent: string | null;
}

/** The client's IP address and user agent (at most 400 characters), for the audit log and rate limits. */
export function requesterOf(headers: Headers): Requester {
  const address = headers.get(ipHeader);
  return {
    ip: address && isIP(address) ? plainIp(address) : null,
    agent: headers.get("user-agent")?.slice(0, 400) || null,
  };
}

/** Normalizes an IP address: `::ffff:192.0.2.1` becomes `192.0.2.1`. */
const plainIp = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").toLowerCase();
