/** What one completed task left for those after it. */
export interface Collected {
  summaries: string[];
  decisions: string[];
  risks: string[];
  notes: string[];
}

/**
 * Reads a task's `result.output`: `{summary, decisions[], risks[], notes[]}`, any other JSON, or a text.
 * Whatever has no place of its own becomes a note, so that nothing is dropped unseen.
 */
export function collectOutput(output: unknown): Collected {
  if (output === undefined || output === null || output === "") return empty();
  if (typeof output !== "object" || Array.isArray(output)) return { ...empty(), summaries: texts(wrapped(output)) };
  const { summary, decisions, risks, notes, ...rest } = output as Record<string, unknown>;
  const others = Object.entries(rest).flatMap(([name, value]) => texts([value]).map((text) => `${name}: ${text}`));
  return {
    summaries: texts(wrapped(summary)),
    decisions: texts(listed(decisions)),
    risks: texts(listed(risks)),
    notes: [...texts(listed(notes)), ...others],
  };
}

const empty = (): Collected => ({ summaries: [], decisions: [], risks: [], notes: [] });
const wrapped = (value: unknown): unknown[] => [value];
const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function texts(values: readonly unknown[]): string[] {
  return values
    .filter((value) => value !== undefined && value !== null)
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)).trim())
    .filter((text) => text !== "");
}

/** The list without what says the same, apart from blanks; each stays where it stood first. */
export function distinct(list: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const text of list) {
    const sense = text.replace(/\s+/g, " ").trim();
    if (!seen.has(sense)) seen.set(sense, text);
  }
  return [...seen.values()];
}
