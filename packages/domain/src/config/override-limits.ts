import { type Limits, limits } from "@omoios/contracts/limits";
import type * as z from "zod";
import { issuesOf } from "./issues.ts";
import { assign, causeOf, type Override, overridesIn } from "./overrides.ts";
import type { ConfigRead } from "./read.ts";
import { knownKeys } from "./schema-keys.ts";

const NAMING = {
  prefix: "OMOI_LIMITS__",
  what: "limit",
  keysAt: (path: readonly string[]) => knownKeys(limits(), path),
};

/** The limits with the variables `OMOI_LIMITS__<KEY>` over them: `OMOI_LIMITS__RETENTION_DAYS__TASKS=30`. Faults carry the variable's name. */
export function overrideLimits(base: Limits, env: Readonly<Record<string, string | undefined>>): ConfigRead<Limits> {
  const { overrides, faults } = overridesIn(env, NAMING);
  if (overrides.length + faults.length === 0) return { ok: true, value: base };
  const parsed = overridden(base, overrides);
  const all = [...faults, ...(parsed.ok ? [] : parsed.faults)];
  return parsed.ok && all.length === 0 ? parsed : { ok: false, faults: all };
}

function overridden(base: Limits, overrides: readonly Override[]): ConfigRead<Limits> {
  const value: z.input<ReturnType<typeof limits>> = structuredClone(base);
  for (const { path, value: given } of overrides) assign(value, path, given);
  // The rest was judged with the file: a function starts with one variable, and would judge ninety members for it.
  const touched = Object.fromEntries(overrides.map(({ path: [key = ""] }) => [key, true]));
  const parsed = issuesOf(limits().pick(touched as Record<keyof Limits, true>), pick(value, touched));
  if (parsed.ok) return { ok: true, value: { ...base, ...parsed.value } };
  return { ok: false, faults: parsed.issues.map(({ path, message }) => `${causeOf(overrides, path)}: ${message}`) };
}

function pick(value: Readonly<Record<string, unknown>>, keys: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, value[key]]));
}
