import { type AlertRule, alertRule } from "@omoios/contracts/shapes/alert-rule";
import { parseDocument } from "yaml";
import * as z from "zod";
import { issuesOf } from "../../config/issues.ts";
import type { ConfigPath } from "../../config/positions.ts";
import { readYaml } from "../../config/read.ts";
import { wellFormed } from "../../config/well-formed.ts";
import { checkRule, judgeMembers, type RuleContext, type RuleRead } from "./check-rule.ts";
import type { Rule } from "./rule.ts";

/** The rules that are in force, and what is wrong with the others: lines `file:line:column text`. */
export interface RulesRead {
  rules: Rule[];
  /** The same rules as they were written. */
  written: AlertRule[];
  faults: string[];
}

/** Each entry is judged for itself, so that one bad rule does not take the others with it. */
const ruleFile = z
  .strictObject({ rules: z.array(z.unknown()) })
  .transform(({ rules }): Entry[] => rules.map((entry, index) => ({ entry, path: ["rules", index] })));

/** A file that is a rule itself. */
const soleRule = z.unknown().transform((entry): Entry[] => [{ entry, path: [] }]);

interface Entry {
  entry: unknown;
  path: ConfigPath;
}

/** A file with a name of its own is one rule: beside `rules` nothing stands. */
function schemaFor(text: string): z.ZodType<Entry[]> {
  const document = parseDocument(text);
  return document.has("name") && !document.has("rules") ? soleRule : ruleFile;
}

/** Reads rule files, of a list `rules` or of one rule, in the order given. A name that an earlier rule has is refused. */
export function readRules(files: readonly { file: string; text: string }[], context: RuleContext = {}): RulesRead {
  const rules: Rule[] = [];
  const written: AlertRule[] = [];
  const faults: string[] = [];
  const homes = new Map<string, string>();
  for (const { file, text } of files) {
    const read = readYaml(text, file, schemaFor(text), (entries, isDoubled) =>
      entries.flatMap(({ entry, path }) => {
        const judged = readRule(entry, context);
        if (!judged.ok) return judged.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
        const { name } = judged.rule;
        const home = homes.get(name);
        if (home !== undefined)
          return [{ path: [...path, "name"], message: `there is a rule \`${name}\` already, in ${home}` }];
        homes.set(name, file);
        // The doubled key is a fault already, with its own place.
        if (!isDoubled(path)) {
          rules.push(judged.rule);
          written.push(judged.written);
        }
        return [];
      }),
    );
    if (!read.ok) faults.push(...read.faults);
  }
  return { rules, written, faults };
}

/** Judges one rule of a file. */
export function readRule(
  entry: unknown,
  context: RuleContext = {},
): { ok: true; rule: Rule; written: AlertRule } | Exclude<RuleRead, { ok: true }> {
  const shaped = issuesOf(alertRule(), entry);
  if (!shaped.ok) {
    const { issues } = judgeMembers(wellFormed(alertRule(), shaped.mended) ?? {}, context);
    return { ok: false, issues: [...shaped.issues, ...issues.map(shaped.asWritten)] };
  }
  const checked = checkRule(shaped.value, context);
  return checked.ok ? { ...checked, written: shaped.value } : checked;
}
