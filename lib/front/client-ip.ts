import { BlockList, isIP, isIPv6 } from "node:net";

/** The IP address of the client: the peer's or, when the peer is a trusted proxy, the last address in `X-Forwarded-For`
 * that is not a trusted proxy. From other peers the header is ignored. */
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

/** Builds a block list from addresses and CIDR ranges, such as TESSERA_TRUSTED_PROXIES has. */
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

function plain(address: string): string {
  return address.startsWith("::") ? address.replace(/^::ffff:(?=\d+\.)/i, "") : address;
}
