import { BlockList, isIP } from "node:net";

/**
 * What IANA's registries of special-purpose addresses do not call globally reachable: IPv4 of 2020-09-04 and IPv6 of 2024-10-22
 * (iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry; RFC 6890 and RFC 8190), and what its registries of the address
 * spaces keep for multicast or have deprecated.
 */
const RESERVED_IPV4 = [
  // This network, and private use (RFC 1918).
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  // Shared by a provider's customers (RFC 6598).
  ["100.64.0.0", 10],
  // Loopback, and link-local, where clouds keep their metadata.
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  // Protocols of the IETF. Two of its anycast addresses are called reachable, and lead to the network's own router.
  ["192.0.0.0", 24],
  // Relays of 6to4, deprecated (RFC 7526).
  ["192.88.99.0", 24],
  // Benchmarks (RFC 2544).
  ["198.18.0.0", 15],
  // Documentation (RFC 5737).
  ["192.0.2.0", 24],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, reserved, broadcast.
  ["224.0.0.0", 3],
] as const;

/** Also what hides an address of IPv4. One in the clothes of ::ffff:0:0/96 is held against those above, by the platform itself. */
const RESERVED_IPV6 = [
  // Unspecified, loopback, and the deprecated clothes of IPv4 (RFC 4291, 2.5.5.1).
  ["::", 96],
  // Translation to IPv4 as RFC 2765 had it, anywhere, and within a network.
  ["::ffff:0:0:0", 96],
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
] as const;

const PRIVATE = new BlockList();
for (const [address, bits] of RESERVED_IPV4) PRIVATE.addSubnet(address, bits, "ipv4");
for (const [address, bits] of RESERVED_IPV6) PRIVATE.addSubnet(address, bits, "ipv6");

/** Whether the host is a literal address that leads nowhere outside: private, loopback, link-local, multicast or reserved. */
export function isPrivateAddress(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  const version = isIP(address);
  return version !== 0 && PRIVATE.check(address, version === 4 ? "ipv4" : "ipv6");
}
