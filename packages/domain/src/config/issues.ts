import type * as z from "zod";
import type { ConfigIssue, ConfigPath } from "./positions.ts";
import { knownKeys } from "./schema-keys.ts";
import { nearest } from "./suggest.ts";
import { wording } from "./wording.ts";

/** Checks a value with a schema; every fault comes with its path and, for an unknown name, the nearest known one. */
export function issuesOf<T>(
  schema: z.ZodType<T>,
  raw: unknown,
): { ok: true; value: T } | { ok: false; issues: ConfigIssue[] } {
  const parsed = schema.safeParse(raw, { error: wording });
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = parsed.error.issues.flatMap((issue) => flatten(schema, issue, []));
  return { ok: false, issues: withoutEchoes(issues, raw) };
}

/** A misspelled key is one fault, and not also the want of the key that was meant. */
function withoutEchoes(issues: readonly ConfigIssue[], raw: unknown): ConfigIssue[] {
  const found = issues.flatMap(({ path, meant }) =>
    meant === undefined ? [] : [[...path.slice(0, -1), meant].join()],
  );
  const isThere = (path: ConfigPath) => path.reduce<unknown>((at, part) => Object(at)[part], raw) !== undefined;
  return issues.filter(({ path, at }) => at === "key" || isThere(path) || !found.includes(path.join()));
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
  const messages = [...new Set(issue.errors.flat().map((inner) => inner.message))];
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
