import { isRecord } from "./same.ts";
import { nearest } from "./suggest.ts";

/** A value of the environment, and the path in a configuration that its variable names. */
export interface Override {
  name: string;
  path: readonly string[];
  value: unknown;
}

interface Naming {
  /** What the variables of this configuration begin with. */
  prefix: string;
  /** What stands at the end of such a path: `limit`, for the messages. */
  what: string;
  /** The keys that may stand under a path. */
  keysAt(path: readonly string[]): string[];
}

/** The variables over a configuration, nested by `__`, in any case. A value is read as JSON, or stands for itself. Faults carry the variable's name. */
export function overridesIn(
  env: Readonly<Record<string, string | undefined>>,
  naming: Naming,
): { overrides: Override[]; faults: string[] } {
  const overrides: Override[] = [];
  const faults: string[] = [];
  const names = Object.keys(env).filter((name) => name.toUpperCase().startsWith(naming.prefix));
  for (const name of names.sort()) {
    const found = pathOf(name, naming);
    const text = env[name];
    if ("fault" in found) faults.push(found.fault);
    else if (text === undefined || text.trim() === "") faults.push(`${name}: is empty: give it a value, or unset it`);
    else if (overrides.some(({ path }) => path.join() === found.path.join())) faults.push(`${name}: is set twice`);
    else overrides.push({ name, path: found.path, value: parsedOrText(text) });
  }
  return { overrides, faults };
}

/** Puts a value at its path. */
export function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const inner = target[key];
  if (rest.length === 0) target[key] = value;
  else if (isRecord(inner)) assign(inner, rest, value);
}

/** The variable that is the cause of a fault at a path; all of them where it is about what they make together. */
export function causeOf(overrides: readonly Override[], path: readonly PropertyKey[]): string {
  const cause = overrides.findLast((override) => override.path.every((part, depth) => part === path[depth]));
  return cause?.name ?? overrides.map(({ name }) => name).join(", ");
}

/** The path that a variable names, with its keys as the configuration writes them. */
function pathOf(name: string, { prefix, what, keysAt }: Naming): { path: string[] } | { fault: string } {
  const path: string[] = [];
  for (const word of name.slice(prefix.length).split("__")) {
    const known = keysAt(path);
    const key = known.find((candidate) => candidate.toUpperCase() === word.toUpperCase());
    if (key === undefined) {
      const meant = nearest(word, known);
      const variable = [...path, meant].join("__").toUpperCase();
      return {
        fault: `${name}: unknown ${what}.${meant === undefined ? "" : ` Did you mean \`${prefix}${variable}\`?`}`,
      };
    }
    path.push(key);
  }
  return { path };
}

/** A text that is no JSON, such as `>=1.0.0`, stands for itself. */
function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
