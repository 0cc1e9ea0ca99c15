import { OPERATORS, type Operator } from "./condition.ts";

/** A piece of a condition and the offset at which it begins. */
export type Token = { at: number; text: string } & (
  | { kind: "number"; number: number }
  | { kind: "string"; string: string }
  | { kind: "operator"; operator: Operator }
  | { kind: "bracket" | "word" | "end" }
);

/** The first mistake in a text: what is wrong, and the offset at which it stands. */
export class ConditionFault extends Error {
  override readonly name = "ConditionFault";
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const PIECE =
  /\s+|(?<string>"(?:[^"\\]|\\.)*")|(?<number>[-+]?\.?\d(?:[eE][-+]\d|[\w.%])*)|(?<operator>[=<>!&|~]+)|(?<bracket>[()])|(?<word>[A-Za-z_][\w.-]*)/y;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const IS_OPERATOR: ReadonlySet<string> = new Set(OPERATORS);

/** What people write who know another language. */
const MEANT: Readonly<Record<string, string>> = {
  "=": "==",
  "===": "==",
  "!==": "!=",
  "<>": "!=",
  "=>": ">=",
  "=<": "<=",
  "&": "and",
  "&&": "and",
  "|": "or",
  "||": "or",
};

/** The pieces of a condition, with an end behind the last one. Throws `ConditionFault`. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (match === null) throw strangeCharacter(text, at);
    const token = tokenOf(match.groups ?? {}, at);
    if (token !== undefined) tokens.push(token);
    at += match[0].length;
  }
  tokens.push({ kind: "end", at: text.trimEnd().length, text: "" });
  return tokens;
}

/** Blanks are no token. */
function tokenOf(piece: Record<string, string | undefined>, at: number): Token | undefined {
  const { string, number, operator, bracket, word } = piece;
  if (string !== undefined) return { kind: "string", at, text: string, string: unquoted(string) };
  if (number !== undefined) return { kind: "number", at, text: number, number: numberOf(number, at) };
  if (operator !== undefined) return { kind: "operator", at, text: operator, operator: operatorOf(operator, at) };
  if (bracket !== undefined) return { kind: "bracket", at, text: bracket };
  return word === undefined ? undefined : { kind: "word", at, text: word };
}

const unquoted = (text: string) => text.slice(1, -1).replaceAll(/\\(.)/gs, "$1");

function numberOf(text: string, at: number): number {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(number)) return number;
  const bare = /^[-+]?[\d.]*/.exec(text)?.[0].replace("+", "") ?? "";
  const hint = NUMBER.test(bare) ? ` Write it bare, in the metric's own unit: \`${bare}\`.` : "";
  throw new ConditionFault(at, `\`${text}\` is no number.${hint}`);
}

function operatorOf(text: string, at: number): Operator {
  if (IS_OPERATOR.has(text)) return text as Operator;
  const meant = MEANT[text];
  const hint = meant === undefined ? ` There are ${OPERATORS.join(" ")}.` : ` Did you mean \`${meant}\`?`;
  throw new ConditionFault(at, `unknown operator \`${text}\`.${hint}`);
}

function strangeCharacter(text: string, at: number): ConditionFault {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (character === '"') return new ConditionFault(at, 'the text is not closed: end it with `"`');
  const quoted = character === "'" ? / *'([^']*)'?/.exec(text.slice(at))?.[1] : undefined;
  const hint = quoted === undefined ? "" : ` Texts stand in double quotes: \`"${quoted}"\`.`;
  return new ConditionFault(at, `\`${character}\` means nothing here.${hint}`);
}
