import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";

/** What a changed configuration says, and what a twin of the stage has in common with it. */
export const CHANGED = { function: "relay", memory_mb: 640, stack: "streams" } as const;

/** Writes a copy of `config/stages.yaml` in which the stage gives one function other memory, and has a twin with its settings. */
export function changedSettings(root: string, stage: string, twin: string, file: string): string {
  const settings = parseDocument(readFileSync(join(root, "config", "stages.yaml"), "utf8"));
  settings.setIn(["stages", twin], settings.getIn(["stages", stage]));
  settings.setIn(["stages", stage, "memory_mb", CHANGED.function], CHANGED.memory_mb);
  writeFileSync(file, settings.toString());
  return file;
}
