import type { TokenKey } from "@omoios/domain/access/model";
import { fromRfc3339, type Instant } from "@omoios/kernel/clock";

/** A key with the time of its making: the newest signs. */
export interface StageKey extends TokenKey {
  created_at: Instant;
}

const LEAST_BYTES = 32;
const SHAPE = 'it must be {"keys": [{"kid", "secret", "created_at"}]} with one key, or two while they are rotated';

/**
 * Reads `{"keys": [{kid, secret (base64url), created_at (RFC 3339)}]}`, newest first. Throws an error that names `where` and the
 * fault, and never a secret.
 */
export function parseStageKeys(text: string, where: string): StageKey[] {
  const refuse = (why: string) => new Error(`${where} holds no keys: ${why}.`);
  const { keys } = parseObject(text, refuse);
  if (!Array.isArray(keys) || keys.length < 1 || keys.length > 2) throw refuse(SHAPE);
  const read = keys.map((key: unknown, index) => readKey(key, (why) => refuse(`keys[${index}]${why}`)));
  if (new Set(read.map(({ kid }) => kid)).size < read.length) throw refuse("two keys have the same kid");
  return read.sort((a, b) => b.created_at - a.created_at);
}

function parseObject(text: string, refuse: (why: string) => Error): { keys?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw refuse("it is no JSON");
  }
  throw refuse(SHAPE);
}

function readKey(value: unknown, refuse: (why: string) => Error): StageKey {
  const { kid, secret, created_at } = (value ?? {}) as Record<string, unknown>;
  if (typeof kid !== "string" || kid === "") throw refuse(".kid must be a text");
  const bytes = typeof secret === "string" ? Buffer.from(secret, "base64url") : Buffer.alloc(0);
  if (bytes.length < LEAST_BYTES) throw refuse(`.secret must be base64url of at least ${LEAST_BYTES} bytes`);
  const at = typeof created_at === "string" ? fromRfc3339(created_at) : undefined;
  if (at === undefined) throw refuse(".created_at must be an RFC 3339 time");
  return { kid, secret: new Uint8Array(bytes), created_at: at };
}
