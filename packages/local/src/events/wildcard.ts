import { PatternError } from "./pattern-error.ts";

/**
 * A test for text with `*` standing for any characters, none included; `\*` and `\\` stand for themselves.
 * @throws PatternError for two stars in a row and for any other escape, as AWS does.
 */
export function compileWildcard(wildcard: string, path: string): (text: string) => boolean {
  const pieces = [""];
  for (let at = 0; at < wildcard.length; at += 1) {
    const letter = wildcard[at] ?? "";
    if (letter === "*") {
      if (at > 0 && wildcard[at - 1] === "*" && pieces.at(-1) === "") {
        throw new PatternError(path, `consecutive wildcards at position ${at - 1}`);
      }
      pieces.push("");
    } else if (letter === "\\") {
      at += 1;
      const escaped = wildcard[at] ?? "";
      if (escaped !== "*" && escaped !== "\\") throw new PatternError(path, `invalid escape at position ${at - 1}`);
      pieces[pieces.length - 1] += escaped;
    } else {
      pieces[pieces.length - 1] += letter;
    }
  }
  return (text) => holds(text, pieces);
}

/** Each piece is taken at its first place after the one before: what is left for the last can only be more. */
function holds(text: string, pieces: string[]): boolean {
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (pieces.length === 1) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return from <= text.length - last.length;
}
