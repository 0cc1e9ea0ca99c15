import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readIfThere, writePrivate } from "./private-file.ts";

export interface Keys {
  /** The operator's API key: `omoi_sk_` and 160 random bits. */
  operator_key: string;
  /** The file that holds the keys of agents' tokens. */
  token_keys_path: string;
}

const OPERATOR_PREFIX = "omoi_sk_";
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The keys of a plane, made at its first start and kept in `<data_dir>/keys`. */
export function plantKeys(dataDir: string): Keys {
  const folder = join(dataDir, "keys");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tokenKeys = join(folder, "token-keys");
  keep(tokenKeys, () => JSON.stringify({ keys: [newTokenKey()] }));
  return { operator_key: keep(join(folder, "operator-key"), newOperatorKey).trim(), token_keys_path: tokenKeys };
}

function keep(path: string, make: () => string): string {
  const kept = readIfThere(path);
  if (kept !== undefined) return kept;
  const made = make();
  writePrivate(path, `${made}\n`);
  return made;
}

function newTokenKey() {
  return { kid: letters(8), secret: randomBytes(32).toString("base64url"), created_at: Date.now() };
}

const newOperatorKey = () => `${OPERATOR_PREFIX}${letters(32)}`;

const letters = (count: number) => Array.from(randomBytes(count), (byte) => ALPHABET[byte & 31]).join("");
