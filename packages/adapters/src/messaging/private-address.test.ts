import { describe, expect, it } from "vitest";
import { isPrivateAddress } from "./private-address.ts";

// The first and the last address of each block that a registry of IANA does not call globally reachable, and what lies beside it.
describe("special-purpose addresses of IPv4", () => {
  it.each([
    ["0.0.0.0", "0.255.255.255", "1.0.0.0"],
    ["10.0.0.0", "10.255.255.255", "11.0.0.0"],
    ["100.64.0.0", "100.127.255.255", "100.128.0.0"],
    ["127.0.0.0", "127.255.255.255", "128.0.0.0"],
    ["169.254.0.0", "169.254.255.255", "169.255.0.0"],
    ["172.16.0.0", "172.31.255.255", "172.32.0.0"],
    ["192.0.0.0", "192.0.0.255", "192.0.1.0"],
    ["192.0.2.0", "192.0.2.255", "192.0.3.0"],
    ["192.88.99.0", "192.88.99.255", "192.88.100.0"],
    ["192.168.0.0", "192.168.255.255", "192.169.0.0"],
    ["198.18.0.0", "198.19.255.255", "198.20.0.0"],
    ["198.51.100.0", "198.51.100.255", "198.51.101.0"],
    ["203.0.113.0", "203.0.113.255", "203.0.114.0"],
    ["224.0.0.0", "255.255.255.255", "223.255.255.255"],
  ])("from %s to %s, and not %s, also in the clothes of IPv6", (first, last, beside) => {
    const judged = [first, last, beside].flatMap((address) => [
      isPrivateAddress(address),
      isPrivateAddress(`::ffff:${address}`),
      isPrivateAddress(`[::ffff:${address}]`),
    ]);
    expect(judged).toEqual([true, true, true, true, true, true, false, false, false]);
  });

  it.each(["192.31.196.1", "192.52.193.1", "192.175.48.1"])("%s is called globally reachable", (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe("special-purpose addresses of IPv6", () => {
  it.each([
    ["::", "::ffff:ffff", "0:0:0:0:0:1::"],
    ["::ffff:0:0:0", "::ffff:0:ffff:ffff", "::ffff:1:0:0"],
    ["64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9b:0:0:0:1::"],
    ["64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "64:ff9b:2::"],
    ["100::", "100:0:0:1:ffff:ffff:ffff:ffff", "100:0:0:2::"],
    ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"],
    ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"],
    ["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"],
    ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"],
    ["5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f01::"],
    ["fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff::"],
    ["fe80::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"],
    ["ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2620:4f:8000::1"],
  ])("from %s to %s, and not %s", (first, last, beside) => {
    expect([first, last, beside].map(isPrivateAddress)).toEqual([true, true, false]);
  });

  it.each(["::7f00:1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::ffff:7f00:1"])(
    "%s hides an address of IPv4",
    (address) => expect(isPrivateAddress(address)).toBe(true),
  );
});
