import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeApiKey, newStageKeys } from "@omoios/adapters/keys/make-keys";
import type { Places } from "@omoios/contracts/places";
import type { SecretName } from "@omoios/contracts/topology-types";
import { readIfThere, writePrivate } from "./private-file.ts";

export interface Keys {
  /** The operator's API key: made once. */
  operator_key: string;
  /** Where the secrets of the topology are. */
  secrets: Places["secrets"];
  /** Where the secrets of receivers are, a file for each. */
  receiver_secrets: string;
}

/** The keys of a plane, made at its first start and kept in `<data_dir>/keys`. */
export function plantKeys(dataDir: string): Keys {
  const folder = join(dataDir, "keys");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keys = (name: SecretName) => {
    keep(join(folder, name), () => newStageKeys(Date.now()));
    return `file:${join(folder, name)}`;
  };
  return {
    operator_key: keep(join(folder, "operator-key"), makeApiKey).trim(),
    receiver_secrets: `file:${join(dataDir, "secrets")}/`,
    secrets: { "token-keys": keys("token-keys"), "audit-keys": keys("audit-keys") },
  };
}

function keep(path: string, make: () => string): string {
  const kept = readIfThere(path);
  if (kept !== undefined) return kept;
  const made = make();
  writePrivate(path, `${made}\n`);
  return made;
}
