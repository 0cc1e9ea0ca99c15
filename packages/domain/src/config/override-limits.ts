import { type Limits, limits } from "@omoios/contracts/limits";
import type * as z from "zod";
import { issuesOf } from "./issues.ts";
import type { ConfigRead } from "./read.ts";
import { isRecord } from "./same.ts";
import { knownKeys } from "./schema-keys.ts";
import { nearest } from "./suggest.ts";

const PREFIX = "OMOI_LIMITS__";

/**
 * The limits with the variables `OMOI_LIMITS__<KEY>` over them, nested by `__`, in any case: `OMOI_LIMITS__RETENTION_DAYS__TASKS=30`.
 * A variable's value is read as JSON, or stands for itself. Faults carry the variable's name.
 */
export function overrideLimits(base: Limits, env: Readonly<Record<string, string | undefined>>): ConfigRead<Limits> {
  const { overrides, faults } = overridesIn(env);
  if (overrides.length + faults.length === 0) return { ok: true, value: base };
  const parsed = overridden(base, overrides);
  const all = [...faults, ...(parsed.ok ? [] : parsed.faults)];
  return parsed.ok && all.length === 0 ? parsed : { ok: false, faults: all };
}

interface Override {
  name: string;
  path: readonly string[];
  value: unknown;
}

function overridesIn(env: Readonly<Record<string, string | undefined>>): { overrides: Override[]; faults: string[] } {
  const overrides: Override[] = [];
  const faults: string[] = [];
  const names = Object.keys(env).filter((name) => name.toUpperCase().startsWith(PREFIX));
  for (const name of names.sort()) {
    const found = pathOf(name);
    const text = env[name];
    if ("fault" in found) faults.push(found.fault);
    else if (text === undefined || text.trim() === "") faults.push(`${name}: is empty: give it a value, or unset it`);
    else if (overrides.some(({ path }) => path.join() === found.path.join())) faults.push(`${name}: is set twice`);
    else overrides.push({ name, path: found.path, value: parsedOrText(text) });
  }
  return { overrides, faults };
}

/** The path that a variable names, with its keys as the schema writes them. */
function pathOf(name: string): { path: string[] } | { fault: string } {
  const path: string[] = [];
  for (const word of name.slice(PREFIX.length).split("__")) {
    const known = knownKeys(limits(), path);
    const key = known.find((candidate) => candidate.toUpperCase() === word.toUpperCase());
    if (key === undefined) {
      const meant = nearest(word, known);
      const variable = [...path, meant].join("__").toUpperCase();
      return {
        fault: `${name}: unknown limit.${meant === undefined ? "" : ` Did you mean \`${PREFIX}${variable}\`?`}`,
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

function overridden(base: Limits, overrides: readonly Override[]): ConfigRead<Limits> {
  const value: z.input<ReturnType<typeof limits>> = structuredClone(base);
  for (const { path, value: given } of overrides) assign(value, path, given);
  // The rest was judged with the file: a function starts with one variable, and would judge ninety members for it.
  const touched = Object.fromEntries(overrides.map(({ path: [key = ""] }) => [key, true]));
  const parsed = issuesOf(limits().pick(touched as Record<keyof Limits, true>), pick(value, touched));
  if (parsed.ok) return { ok: true, value: { ...base, ...parsed.value } };
  const faults = parsed.issues.map(({ path, message }) => {
    const cause = overrides.findLast((override) => override.path.every((part, depth) => part === path[depth]));
    return `${cause?.name ?? path.join(".")}: ${message}`;
  });
  return { ok: false, faults };
}

function pick(value: Readonly<Record<string, unknown>>, keys: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, value[key]]));
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const inner = target[key];
  if (rest.length === 0) target[key] = value;
  else if (isRecord(inner)) assign(inner, rest, value);
}
