import type { Labels } from "@omoios/contracts/shapes/alert";
import { compilePattern } from "./pattern.ts";

/** A condition on one label. A label that is missing reads as the empty text. */
export interface Matcher {
  label: string;
  matches(labels: Labels): boolean;
}

export type MatcherRead = { ok: true; matcher: Matcher } | { ok: false; fault: string };

const SHAPE = /^\s*([a-zA-Z_][\w.:]*)\s*(=~|!~|!=|=)\s*([\s\S]*?)\s*$/;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;
const BARE = /^[^\s"'{},=~!]*$/;

/** Reads `label="value"`, with `=`, `!=`, `=~` or `!~`; a pattern holds for the whole value. Quotes may be left out around a plain word. */
export function parseMatcher(text: string): MatcherRead {
  const parts = SHAPE.exec(text);
  if (parts === null) return { ok: false, fault: `is no matcher: write label="value", with =, !=, =~ or !~` };
  const [, label = "", operator = "", written = ""] = parts;
  const value = textOf(written);
  if (value === undefined)
    return { ok: false, fault: `has a value that does not end: write ${label}${operator}"value"` };
  if (operator === "=") return { ok: true, matcher: { label, matches: (labels) => labelOf(labels, label) === value } };
  if (operator === "!=") return { ok: true, matcher: { label, matches: (labels) => labelOf(labels, label) !== value } };
  const pattern = compilePattern(value);
  if (!pattern.ok) return pattern;
  const wanted = operator === "=~";
  return { ok: true, matcher: { label, matches: (labels) => pattern.regex.test(labelOf(labels, label)) === wanted } };
}

/** The matchers of texts that were checked before. Throws where one is none. */
export function matchersOf(texts: readonly string[]): Matcher[] {
  return texts.map((text) => {
    const read = parseMatcher(text);
    if (!read.ok) throw new Error(`${text} ${read.fault}`);
    return read.matcher;
  });
}

/** Whether all of them hold; without any, everything matches. */
export const allMatch = (matchers: readonly Matcher[], labels: Labels): boolean =>
  matchers.every((matcher) => matcher.matches(labels));

/** A label's value, the empty text where it is missing. */
export const labelOf = (labels: Labels, label: string): string => labels[label] ?? "";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", '"': '"', "\\": "\\" };

function textOf(written: string): string | undefined {
  const quoted = QUOTED.exec(written)?.[1];
  // An unknown escape stays as it is, so that a pattern may say \d.
  if (quoted !== undefined) return quoted.replace(/\\(.)/gs, (all, escaped: string) => ESCAPES[escaped] ?? all);
  return BARE.test(written) ? written : undefined;
}
