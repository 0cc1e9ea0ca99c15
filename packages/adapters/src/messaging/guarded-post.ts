import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { isPrivateAddress } from "./private-address.ts";

export interface PostOptions {
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Lets it go to private and loopback addresses. */
  allow_private: boolean;
  timeout_ms: number;
  /** Looks names up; the machine's own way unless given. */
  lookup?: Lookup | undefined;
}

/** As `dns.lookup` where it is asked for all addresses of a name. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface PostAnswer {
  status: number;
  retry_after?: string | undefined;
}

/** A name that leads to a private address, where such are not allowed. */
export class PrivateAddress extends Error {
  constructor(hostname: string) {
    super(`${hostname} leads to a private address`);
    this.name = "PrivateAddress";
  }
}

/**
 * Posts, and reads no more than the answer's head. It follows no redirect: that could lead anywhere. A name is judged by the addresses
 * that the connection itself is made to. Throws `PrivateAddress`, or the connection's error.
 */
export function guardedPost(
  url: string,
  { headers, body, allow_private, timeout_ms, lookup }: PostOptions,
): Promise<PostAnswer> {
  const request = url.startsWith("https:") ? httpsRequest : httpRequest;
  const options = { method: "POST", headers, ...(allow_private ? {} : { lookup: publicOnly(lookup) }) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, signal: AbortSignal.timeout(timeout_ms) }, (answer) => {
      // A receiver may send without end.
      answer.destroy();
      resolve({ status: answer.statusCode ?? 0, retry_after: answer.headers["retry-after"] });
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** Looks a name up, and refuses it where any of its addresses is private. The connection is made to what was judged, and asks no second time. */
const publicOnly =
  (lookup: Lookup = systemLookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      if (addresses.some(({ address }) => isPrivateAddress(address)))
        return callback(new PrivateAddress(hostname), "", 0);
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else callback(null, first?.address ?? "", first?.family ?? 0);
    });
  };
