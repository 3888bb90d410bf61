import { isIPv4, isIPv6 } from "node:net";

/** The HTTP server sets these headers on each request, replacing what the client sent. */
export const ipHeader = "x-tessera-address";
export const pathHeader = "x-tessera-path";
/** `whole` when all of the body is there before the credential is verified. */
export const bodyHeader = "x-tessera-body";

/** What is read of a request's headers: of the web's `Headers`, or of Node's as the HTTP server gets them. */
export type HeaderReader = Pick<Headers, "get">;

export interface Requester {
  ip: string | null;
  agent: string | null;
}

/** The client's IP address and user agent (at most 400 characters), for the audit log and rate limits. */
export const requesterOf = (headers: HeaderReader): Requester => requesterAt(headers.get(ipHeader), headers);

/** The same for a request whose IP address is in no header. */
export function requesterAt(address: string | null, headers: HeaderReader): Requester {
  return { ip: address === null ? null : ipOf(address), agent: headers.get("user-agent")?.slice(0, 400) || null };
}

/** Null for what is no IP address. */
function ipOf(address: string): string | null {
  if (isIPv4(address)) return address;
  return isIPv6(address) ? plainIp(address) : null;
}

const plainIp = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "").toLowerCase();
