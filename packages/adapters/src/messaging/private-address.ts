import { BlockList, isIP } from "node:net";

const PRIVATE = new BlockList();
for (const [address, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  PRIVATE.addSubnet(address, bits, "ipv4");
// What IANA's IPv6 Special-Purpose Address Registry (RFC 6890, of 2024-10-22) does not call globally reachable, what in it hides an address
// of IPv4, and what its address space registry has deprecated. Addresses of IPv4 as ::ffff:0:0/96 are held against those above.
for (const [address, bits] of [
  // Unspecified, loopback, and the deprecated clothes of IPv4 (RFC 4291, 2.5.5.1).
  ["::", 96],
  // Translation to IPv4: anywhere, and within a network.
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  // Discarded (RFC 6666), and what stands for nothing (RFC 9780).
  ["100::", 64],
  ["100:0:0:1::", 64],
  // Protocols of the IETF, with Teredo, which hides an address of IPv4.
  ["2001::", 23],
  // Documentation.
  ["2001:db8::", 32],
  ["3fff::", 20],
  // 6to4, which hides an address of IPv4.
  ["2002::", 16],
  // Segment routing.
  ["5f00::", 16],
  // Unique local, link-local, the deprecated site-local (RFC 3879), multicast.
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  PRIVATE.addSubnet(address, bits, "ipv6");

/** Whether the host is a literal address that leads nowhere outside: private, loopback, link-local, multicast or reserved. */
export function isPrivateAddress(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const version = isIP(address);
  return version !== 0 && PRIVATE.check(address, version === 4 ? "ipv4" : "ipv6");
}
