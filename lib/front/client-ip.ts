import { BlockList, isIP, isIPv6 } from "node:net";

/**
 * The address a request comes from: the peer's, or, if the peer is a trusted proxy, the last address in
 * `X-Forwarded-For` that is not one. What a stranger writes there is never believed.
 *
 * @param peer address of the socket.
 * @param forwardedFor the header, comma separated; each proxy appends.
 * @param trusted addresses and CIDR ranges of the proxies.
 */
export function clientIp(peer: string, forwardedFor: string, trusted: BlockList): string {
  if (forwardedFor === "") return plain(peer);
  const hops = forwardedFor.split(",").map((hop) => plain(hop.trim()));
  let address = plain(peer);
  while (isTrusted(address, trusted)) {
    const before = hops.pop();
    if (!before || !isIP(before)) break;
    address = before;
  }
  return address;
}

/** Addresses and CIDR ranges, as the setting TESSERA_TRUSTED_PROXIES gives them, in a form that answers quickly. */
export function networkList(networks: string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits) list.addSubnet(address, Number(bits), family);
    else list.addAddress(address, family);
  }
  return list;
}

export function isTrusted(address: string, trusted: BlockList): boolean {
  return trusted.check(plain(address), isIPv6(plain(address)) ? "ipv6" : "ipv4");
}

/** An IPv4 address without the IPv6 dress that a dual-stack socket gives it. */
function plain(address: string): string {
  return address.startsWith("::") ? address.replace(/^::ffff:(?=\d+\.)/i, "") : address;
}
