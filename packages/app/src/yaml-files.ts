import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The YAML files of a folder, by name; none where there is no such folder. */
export function yamlFilesOf(folder: string): { file: string; text: string }[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".yaml")) : [];
  return names.sort().map((name) => {
    const file = join(folder, name);
    return { file, text: readFileSync(file, "utf8") };
  });
}
