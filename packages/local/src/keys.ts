import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeApiKey, newTokenKeys } from "@omoios/adapters/keys/make-keys";
import { readIfThere, writePrivate } from "./private-file.ts";

export interface Keys {
  /** The operator's API key: made once. */
  operator_key: string;
  /** The file that holds the keys of agents' tokens. */
  token_keys_path: string;
}

/** The keys of a plane, made at its first start and kept in `<data_dir>/keys`. */
export function plantKeys(dataDir: string): Keys {
  const folder = join(dataDir, "keys");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tokenKeys = join(folder, "token-keys");
  keep(tokenKeys, () => newTokenKeys(Date.now()));
  return { operator_key: keep(join(folder, "operator-key"), makeApiKey).trim(), token_keys_path: tokenKeys };
}

function keep(path: string, make: () => string): string {
  const kept = readIfThere(path);
  if (kept !== undefined) return kept;
  const made = make();
  writePrivate(path, `${made}\n`);
  return made;
}
