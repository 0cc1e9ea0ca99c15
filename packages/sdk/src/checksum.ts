import canonicalize from "canonicalize";

/** SHA-256 in lower-case hex over the canonical JSON (RFC 8785) of a heartbeat's other fields. */
export async function heartbeatChecksum(fields: Record<string, unknown>): Promise<string> {
  const text = canonicalize(fields);
  if (text === undefined) throw new TypeError("A heartbeat's fields must be JSON");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
