import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { functions } from "../packages/contracts/src/topology.ts";
import type { FunctionName } from "../packages/contracts/src/topology-types.ts";

/** Where `npm run build` leaves the functions: `.build/functions`, or the folder that `OMOI_FUNCTIONS_DIR` names. */
export const functionsDir = (root: string) => process.env.OMOI_FUNCTIONS_DIR || join(root, ".build", "functions");

/**
 * The folder of a built function.
 * @throws where it holds none
 */
export function builtFolder(functions_dir: string, name: FunctionName): string {
  const folder = join(functions_dir, name);
  if (!existsSync(join(folder, "index.mjs"))) {
    throw new Error(`${folder} holds no built function: run \`npm run build\` first.`);
  }
  return folder;
}

/** The names of the secrets that the alert routing of a function's built configuration speaks of. */
export function receiverSecretsOf(functions_dir: string, name: FunctionName): string[] {
  const file = join(functions_dir, name, "config", "built.json");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return [...new Set([...text.matchAll(/"\$\{secret:([\w.-]{1,100})\}"/g)].flatMap(([, found]) => found ?? []))].sort();
}

/** @throws unless every function of the topology is built */
export function checkBuilt(functions_dir: string): void {
  for (const { name } of functions) builtFolder(functions_dir, name);
}
