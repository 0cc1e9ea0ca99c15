import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CONFIG = fileURLToPath(new URL("../../config", import.meta.url));

/** The shipped configuration with other policies of the guardian, in a folder of its own. */
export function configWithPolicies(policies: Record<string, string>): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "omoi-config-"));
  cpSync(CONFIG, dir, { recursive: true });
  const folder = join(dir, "guardian_policies");
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(policies)) writeFileSync(join(folder, `${name}.yaml`), text);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
