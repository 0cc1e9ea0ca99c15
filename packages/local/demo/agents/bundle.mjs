import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../measure/digest.mjs";

/**
 * Reads a ticket's bundle, and refuses one that is not what was packed.
 * @param {import("./task.mjs").Shop} shop
 * @returns {{commit: string, path: string, content_sha256: string, bundle: Buffer}}
 */
export function readBundle({ root, ref }) {
  const {
    commit,
    path,
    sha256: expected,
    content_sha256,
  } = JSON.parse(readFileSync(join(root, `bundles/${ref}/bundle.json`), "utf8"));
  const bundle = readFileSync(join(root, path));
  if (sha256(bundle) !== expected) throw new Error(`${path} is not the bundle that was packed: its SHA-256 differs`);
  return { commit, path, content_sha256, bundle };
}
