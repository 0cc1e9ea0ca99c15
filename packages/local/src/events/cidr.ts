import { BlockList, isIP } from "node:net";
import { PatternError } from "./pattern-error.ts";

/** A test for addresses within a block such as `10.0.0.0/24` or `2001:db8::/32`. */
export function parseCidr(block: string, path: string): (address: string) => boolean {
  const [address = "", bits = "", ...rest] = block.split("/");
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) {
    throw new PatternError(path, "must be an IPv4 or IPv6 address, a slash and the number of mask bits");
  }
  const blocks = new BlockList();
  blocks.addSubnet(address, Number(bits), family(version));
  return (candidate) => {
    // An IPv4 address written as IPv6 is another address to EventBridge; a block list would take it for the same.
    const found = isIP(candidate);
    return found === version && blocks.check(candidate, family(found));
  };
}

const family = (version: number) => (version === 4 ? "ipv4" : "ipv6");
