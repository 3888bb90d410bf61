import { isIP } from "node:net";

/** The HTTP server sets these headers on each request, replacing what the client sent. */
export const ipHeader = "x-tessera-address";
export const pathHeader = "x-tessera-path";

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

const plainIp = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").toLowerCase();
