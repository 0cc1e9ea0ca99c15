import type * as z from "zod";
import type { ConfigIssue, ConfigPath } from "./positions.ts";
import { isRecord } from "./same.ts";
import { knownKeys } from "./schema-keys.ts";
import { nearest } from "./suggest.ts";
import { wording } from "./wording.ts";

/** A value of the right form, or every fault of its form. */
export type FormRead<T> = { ok: true; value: T } | ({ ok: false; issues: ConfigIssue[] } & Mended);

/** A value without its unknown keys; one that was probably meant to be another stands in that one's place. */
interface Mended {
  mended: unknown;
  /** A fault of the mended value, at the keys that were written. */
  asWritten(issue: ConfigIssue): ConfigIssue;
}

/**
 * Checks a value with a schema; every fault comes with its path and, for an unknown name, the nearest known one. What stands under a
 * misspelled key is judged as what was meant, in the same pass.
 */
export function issuesOf<T>(schema: z.ZodType<T>, raw: unknown): FormRead<T> {
  const parsed = schema.safeParse(raw, { error: wording });
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = parsed.error.issues.flatMap((issue) => flatten(schema, issue, []));
  // What a transform made of the raw value has keys that do not stand in it.
  const keys = issues.filter(({ at, path }) => at === "key" && hasKey(raw, path));
  if (keys.length === 0) return { ok: false, issues, mended: raw, asWritten: (issue) => issue };
  const { mended, asWritten } = withoutUnknown(raw, keys);
  const rest = issuesOf(schema, mended);
  if (rest.ok) return { ok: false, issues: keys, mended, asWritten };
  return {
    ok: false,
    issues: [...keys, ...rest.issues.map(asWritten)],
    mended: rest.mended,
    asWritten: (issue) => asWritten(rest.asWritten(issue)),
  };
}

function withoutUnknown(raw: unknown, unknown: readonly ConfigIssue[]): Mended {
  const mended: unknown = structuredClone(raw);
  const renamed: { path: ConfigPath; meant: string }[] = [];
  for (const { path, meant } of unknown) {
    const parent = parentIn(mended, path);
    const key = String(path.at(-1));
    if (!isRecord(parent)) continue;
    if (meant !== undefined && !Object.hasOwn(parent, meant)) {
      parent[meant] = parent[key];
      renamed.push({ path, meant });
    }
    delete parent[key];
  }
  const asWritten = (issue: ConfigIssue): ConfigIssue => {
    const inner = renamed.find(({ path, meant }) => isUnder(issue.path, [...path.slice(0, -1), meant]));
    return inner === undefined ? issue : { ...issue, path: [...inner.path, ...issue.path.slice(inner.path.length)] };
  };
  return { mended, asWritten };
}

const parentIn = (value: unknown, path: ConfigPath): unknown =>
  path.slice(0, -1).reduce<unknown>((inner, part) => Object(inner)[part], value);

function hasKey(value: unknown, path: ConfigPath): boolean {
  const parent = parentIn(value, path);
  return isRecord(parent) && Object.hasOwn(parent, String(path.at(-1)));
}

/** Whether a path leads to what stands at another, or inside it. */
export function isUnder(path: ConfigPath, above: ConfigPath): boolean {
  return above.every((part, depth) => path[depth] === part);
}

function flatten(schema: z.core.$ZodType, issue: z.core.$ZodIssue, above: readonly PropertyKey[]): ConfigIssue[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const hint = meant === undefined ? "" : ` Did you mean \`${meant}\`?`;
      const fault: ConfigIssue = { path: [...path, key], at: "key", message: `unknown key \`${key}\`.${hint}` };
      return meant === undefined ? fault : { ...fault, meant };
    });
  }
  if (issue.code === "invalid_key") {
    const why = issue.issues[0]?.message ?? issue.message;
    return [{ path, at: "key", message: `\`${String(path.at(-1))}\` ${why}` }];
  }
  if (issue.code !== "invalid_union") return [{ path, message: issue.message }];
  const meant = meantForm(issue.errors);
  if (meant !== undefined) return meant.flatMap((inner) => flatten(schema, inner, path));
  const messages = [...new Set(issue.errors.flat().map((inner) => inner.message.replace(/\.$/, "")))];
  return [{ path, message: messages.join(", or ") || issue.message }];
}

/** Of several forms the one that the author meant: it fits in kind, and has the fewest faults inside. */
function meantForm(forms: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const inside = forms.filter(
    (issues) => !issues.some(({ code, path }) => path.length === 0 && code === "invalid_type"),
  );
  const candidates = inside.filter((issues) =>
    issues.some(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
  );
  return candidates.sort((a, b) => a.length - b.length)[0];
}
