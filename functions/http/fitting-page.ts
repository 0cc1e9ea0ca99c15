import type { Input } from "./call.ts";

/** Lambda gives back at most 6 MB (its quotas, "invocation payload"). Some of it is left to status and headers. */
const MOST_BYTES = 6 * 1024 * 1024 - 64 * 1024;

/**
 * Asks for a page again with a lower limit until Lambda can give it back: a page may hold fewer items than its limit, and a hundred long
 * texts take more than an answer can. A page of one item, and what is no page, is given as it is.
 */
export async function fittingPage(ask: (input: Input) => Promise<unknown>, input: Input): Promise<unknown> {
  let { query } = input;
  for (;;) {
    const body = await ask({ ...input, query });
    if (!isPage(body) || !isLimited(query)) return body;
    const count = Math.min(query.limit, body.items.length);
    const bytes = payloadBytes(JSON.stringify(body));
    if (count <= 1 || bytes <= MOST_BYTES) return body;
    query = { ...query, limit: Math.min(count - 1, Math.max(1, Math.floor((count * MOST_BYTES) / bytes))) };
  }
}

/** Bytes of a text as a member of the function's answer, which is JSON itself. A unit of UTF-16 that is not escaped takes three at most. */
function payloadBytes(text: string): number {
  const most = text.length * 3;
  return most <= MOST_BYTES ? most : Buffer.byteLength(JSON.stringify(text));
}

const isPage = (body: unknown): body is { items: unknown[] } =>
  typeof body === "object" && body !== null && "items" in body && Array.isArray(body.items);

const isLimited = (query: unknown): query is { limit: number } =>
  typeof query === "object" && query !== null && "limit" in query && typeof query.limit === "number";
