import { expect, test } from "vitest";
import { clientIp, networkList } from "./client-ip";

const noProxies = networkList([]);
const proxies = networkList(["10.0.0.0/8", "192.0.2.7", "fd00::/8"]);

test("without trusted proxies the peer is the client, and its headers are ignored", () => {
  expect(clientIp("203.0.113.9", "198.51.100.1", noProxies)).toBe("203.0.113.9");
  expect(clientIp("127.0.0.1", "198.51.100.1", noProxies)).toBe("127.0.0.1");
});

test("a trusted proxy is believed about who spoke to it", () => {
  expect(clientIp("10.1.2.3", "198.51.100.1", proxies)).toBe("198.51.100.1");
  expect(clientIp("fd00::1", "2001:db8::1", proxies)).toBe("2001:db8::1");
});

test("what a client wrote before the proxies appended is not believed", () => {
  expect(clientIp("10.1.2.3", "1.1.1.1, 198.51.100.1, 192.0.2.7", proxies)).toBe("198.51.100.1");
});

test("a chain of nothing but proxies ends at the first of them", () => {
  expect(clientIp("10.1.2.3", "10.9.9.9", proxies)).toBe("10.9.9.9");
  expect(clientIp("10.1.2.3", "", proxies)).toBe("10.1.2.3");
});

test("junk in the header stops the walk", () => {
  expect(clientIp("10.1.2.3", "198.51.100.1, <script>", proxies)).toBe("10.1.2.3");
});

test("an IPv4 address in IPv6 dress is the IPv4 address", () => {
  expect(clientIp("::ffff:203.0.113.9", "", noProxies)).toBe("203.0.113.9");
  expect(clientIp("::ffff:10.1.2.3", "::ffff:198.51.100.1", proxies)).toBe("198.51.100.1");
});
