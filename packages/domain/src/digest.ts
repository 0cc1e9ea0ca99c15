import { createHash } from "node:crypto";

/** SHA-256 of the parts, joined so that no two lists of parts read the same. 32 bytes. */
export function digest(...parts: readonly (string | number)[]): Uint8Array {
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}

/** The same as a short text: 16 hex characters. */
export function shortDigest(...parts: readonly (string | number)[]): string {
  return Buffer.from(digest(...parts))
    .toString("hex")
    .slice(0, 16);
}
