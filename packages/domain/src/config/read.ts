import { type Document, LineCounter, parseDocument, visit } from "yaml";
import type * as z from "zod";
import { issuesOf, isUnder } from "./issues.ts";
import { type ConfigIssue, type ConfigPath, offsetOf, pathText, stands } from "./positions.ts";
import { type IsUnsure, type Parts, wellFormed } from "./well-formed.ts";

/** What a file says, or everything that is wrong with it: `file:line:column text`, in the order of the file. */
export type ConfigRead<T> = { ok: true; value: T } | { ok: false; faults: string[] };

/**
 * Rules between the parts of a value that a schema alone cannot say. `isDoubled` tells of a path whether a key stands twice inside, so
 * that the value there is only one of two.
 */
type CrossCheck<T> = (value: T, isDoubled: (path: ConfigPath) => boolean) => readonly ConfigIssue[];

/**
 * The same rules for a value of which parts may be missing, since their form is wrong: so that all faults come in one pass.
 */
export interface PartsCheck<T> {
  parts(value: Parts<T> | undefined, isUnsure: IsUnsure): readonly ConfigIssue[];
}

/**
 * Reads a YAML text and checks it with a schema, then with `crossCheck`: a function where the schema holds, a `PartsCheck` always.
 * @param file the name that the faults carry
 */
export function readYaml<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  crossCheck: CrossCheck<T> | PartsCheck<T> = () => [],
): ConfigRead<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const faults = yamlFaults(document, text);
  // After a broken line the value is a guess, and its faults would mislead. A doubled key leaves the rest readable.
  const readable = faults.every(({ code }) => code === "DUPLICATE_KEY");
  const judged = readable ? judge(document, schema, crossCheck) : { issues: [] };
  for (const issue of judged.issues) faults.push({ offset: offsetOf(document, text, issue), text: issueText(issue) });
  if (faults.length === 0 && "value" in judged) return { ok: true, value: judged.value };
  faults.sort((a, b) => a.offset - b.offset);
  return {
    ok: false,
    faults: faults.map(({ offset, text: words }) => {
      const { line, col } = lines.linePos(offset);
      return `${file}:${Math.max(1, line)}:${Math.max(1, col)} ${words}`;
    }),
  };
}

interface Fault {
  offset: number;
  text: string;
  code?: string;
}

function yamlFaults(document: Document.Parsed, text: string): Fault[] {
  const faults: Fault[] = [...document.errors, ...document.warnings].map(({ code, message, pos: [offset] }) => {
    const key = text.slice(offset).split(":", 1)[0]?.trim();
    const words =
      code === "DUPLICATE_KEY" ? `the key \`${key}\` stands here twice in one map` : `is not YAML: ${message}`;
    return { offset, code, text: words };
  });
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      faults.push({
        offset: alias.range?.[0] ?? 0,
        code: "BAD_ALIAS",
        text: `there is no anchor \`&${alias.source}\``,
      });
    },
  });
  return faults;
}

function judge<T>(
  document: Document.Parsed,
  schema: z.ZodType<T>,
  crossCheck: CrossCheck<T> | PartsCheck<T>,
): { issues: readonly ConfigIssue[]; value?: T } {
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    // The parser refuses a text whose aliases would unfold beyond all bounds.
    if (error instanceof ReferenceError) return { issues: [{ path: [], message: error.message }] };
    throw error;
  }
  const doubled = document.errors.filter(({ code }) => code === "DUPLICATE_KEY").map(({ pos: [offset] }) => offset);
  const isDoubled = (path: ConfigPath) => doubled.some((offset) => stands(document, path, offset));
  const form = issuesOf(schema, raw);
  const faults = form.ok ? [] : form.issues;
  const asWritten = form.ok ? (issue: ConfigIssue) => issue : form.asWritten;
  const meant = form.ok ? form : issuesOf(schema, form.mended);
  const isUnsure = (path: ConfigPath) => {
    const { path: written } = asWritten({ path, message: "" });
    return isDoubled(written) || faults.some((issue) => issue.at !== "key" && isUnder(issue.path, written));
  };
  const crossed = (): readonly ConfigIssue[] => {
    if (typeof crossCheck === "function") return meant.ok ? crossCheck(meant.value, isDoubled) : [];
    return crossCheck.parts(wellFormed(schema, form.ok ? raw : form.mended), isUnsure);
  };
  const issues = [...faults, ...crossed().map(asWritten)];
  return form.ok && issues.length === 0 ? { issues, value: form.value } : { issues };
}

/** An unknown key is named in the message already, so that the place is the map around it. */
function issueText({ path, message, at }: ConfigIssue): string {
  const where = pathText(at === "key" ? path.slice(0, -1) : path);
  return where === "" ? message : `${where}: ${message}`;
}
