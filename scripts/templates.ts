import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface TemplateFigures {
  stack: string;
  /** How many resources of each type. */
  resources: Record<string, number>;
  kib: number;
}

const SUFFIX = ".template.json";

/** What is in the synthesized templates of a stage, read from the folder of a cloud assembly. */
export function templatesIn(out_dir: string, stage: string): TemplateFigures[] {
  const files = readdirSync(out_dir).filter((file) => file.startsWith(`${stage}-omoios-`) && file.endsWith(SUFFIX));
  return files.sort().map((file) => {
    const text = readFileSync(join(out_dir, file), "utf8");
    const template = JSON.parse(text) as { Resources: Record<string, { Type: string }> };
    const types = Object.values(template.Resources).map((resource) => resource.Type);
    return { stack: file.slice(0, -SUFFIX.length), resources: countOf(types), kib: text.length / 1024 };
  });
}

/** How often each word occurs, the most frequent first. */
export function countOf(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)));
}
