import { parse, parseDocument } from "yaml";
import { editsFor } from "./edits.ts";
import { renderYaml } from "./render.ts";
import { same } from "./same.ts";
import { applyEdits } from "./splice.ts";

/** Turns what a YAML text says into the value as it is stored: a schema's `parse`, which fills in defaults. */
type Interpret = (raw: unknown) => unknown;

/**
 * The text changed so that it says `value`. What has not changed keeps its text to the letter, with comments, order and quotes;
 * a default that the text leaves out stays left out.
 * @param interpret how the text becomes the stored value; without it the YAML is the value
 */
export function rewriteYaml(text: string, value: unknown, interpret: Interpret = (raw) => raw): string {
  const document = parseDocument(text, { stringKeys: true });
  if (document.errors.length > 0 || document.contents === null) return renderYaml(value);
  const before = interpret(document.toJS());
  if (same(before, value)) return text;
  const edits = editsFor(document, text, before, value);
  const rewritten = edits === undefined ? undefined : applyEdits(text, edits);
  // An anchor's value may have changed at one of its places only, which an edit of the text cannot say. Then the value goes before the style.
  return rewritten !== undefined && says(rewritten, value, interpret) ? rewritten : renderYaml(value);
}

function says(text: string, value: unknown, interpret: Interpret): boolean {
  return parseDocument(text).errors.length === 0 && same(interpret(parse(text)), value);
}
