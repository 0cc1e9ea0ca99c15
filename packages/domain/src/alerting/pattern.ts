const LONGEST = 500;

export type PatternRead = { ok: true; regex: RegExp } | { ok: false; fault: string };

/**
 * A regular expression for a whole text. What Alertmanager's kind of expression (RE2) does not have is refused, and so is a
 * repetition within a repetition, which can take a backtracking engine for ever.
 */
export function compilePattern(source: string): PatternRead {
  if (source.length > LONGEST) return { ok: false, fault: `has a pattern of more than ${LONGEST} characters` };
  const [, ignoreCase, body = ""] = /^(\(\?i\))?([\s\S]*)$/.exec(source) ?? [];
  const foreign = /\(\?(?:<?[=!])|(?<!\\)(?:\\\\)*\\[1-9]|\\k</.exec(body);
  if (foreign)
    return {
      ok: false,
      fault: `has a pattern with \`${foreign[0]}\`: looking around and back references are not taken`,
    };
  const nested = nestedRepetition(body);
  if (nested !== undefined) {
    return {
      ok: false,
      fault: `has a pattern that repeats \`${nested}\`, which repeats or chooses itself: repeat one of the two`,
    };
  }
  try {
    return { ok: true, regex: new RegExp(`^(?:${body})$`, ignoreCase === undefined ? "s" : "is") };
  } catch (error) {
    // The only thing that this constructor throws: the pattern is none.
    const words = error instanceof Error ? error.message.replace(/^.*: /, "") : String(error);
    return { ok: false, fault: `has a pattern that is none: ${words}` };
  }
}

/** A group that is repeated often, and that can match one text in several ways by itself: each round would multiply them. */
function nestedRepetition(body: string): string | undefined {
  const open: { at: number; varies: boolean }[] = [];
  let inClass = false;
  for (let at = 0; at < body.length; at += 1) {
    const character = body[at];
    if (character === "\\") at += 1;
    else if (inClass) inClass = character !== "]";
    else if (character === "[") inClass = true;
    else if (character === "(") {
      open.push({ at, varies: false });
      // `(?:` and `(?<name>` are no repetition.
      if (body[at + 1] === "?") at += 1;
    } else if (character === ")") {
      const group = open.pop();
      if (group?.varies && MANY.test(body.slice(at + 1))) return body.slice(group.at, at + 1);
    } else if (character === "|" || VARYING.test(body.slice(at))) for (const group of open) group.varies = true;
  }
  return undefined;
}

/** At the begin of a text: a repetition of more than nine. */
const MANY = /^(?:[*+]|\{\d+,\}|\{(?:\d+,)?\d{2,}\})/;
/** At the begin of a text: a repetition whose number is open. */
const VARYING = /^(?:[*+?]|\{\d+,\d*\})/;
