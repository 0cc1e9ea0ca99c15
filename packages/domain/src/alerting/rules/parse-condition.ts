import { didYouMean, nearest } from "../../config/suggest.ts";
import { type Condition, OPERATORS, type Operator } from "./condition.ts";
import { ConditionFault, type Token, tokensOf } from "./tokens.ts";

/** A condition, or its first mistake with the offset at which it stands. */
export type ConditionRead = { ok: true; condition: Condition } | { ok: false; at: number; message: string };

/** Brackets inside brackets. */
const MAX_DEPTH = 20;

/**
 * Reads a condition: comparisons of `value` with a number and of `labels.name` with a text in double quotes, joined by `and`, which
 * goes before `or`, and brackets. Which labels there are is judged by `checkRule`.
 */
export function parseCondition(text: string): ConditionRead {
  try {
    const reader = new Reader(tokensOf(text));
    return { ok: true, condition: reader.whole() };
  } catch (fault) {
    if (!(fault instanceof ConditionFault)) throw fault;
    return { ok: false, at: fault.at, message: fault.message };
  }
}

type Place = Pick<Token, "at" | "text">;
type Joint = "and" | "or";

const MIRRORED: Readonly<Record<Operator, Operator>> = {
  ">": "<",
  ">=": "<=",
  "<": ">",
  "<=": ">=",
  "==": "==",
  "!=": "!=",
};

const found = ({ kind, text }: Token) => (kind === "end" ? "the end" : `\`${text}\``);

class Reader {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Condition {
    const [first] = this.tokens;
    if (first?.kind === "end") throw new ConditionFault(0, "is empty: write a comparison, such as `value > 2`");
    const condition = this.joined("or", () => this.joined("and", () => this.term()));
    const rest = this.peek();
    if (rest.kind !== "end") throw misjoined(rest);
    return condition;
  }

  private joined(joint: Joint, part: () => Condition): Condition {
    const first = part();
    const terms = [first];
    while (this.peek().kind === "word" && this.peek().text === joint) {
      this.take();
      terms.push(part());
    }
    return terms.length === 1 ? first : { kind: joint, terms };
  }

  private term(): Condition {
    const token = this.take();
    if (token.kind === "bracket" && token.text === "(") return this.bracketed(token);
    if (token.kind === "word" && token.text === "value") return this.ofValue();
    if (token.kind === "word" && token.text.startsWith("labels.")) return this.ofLabel(token);
    throw this.noTerm(token);
  }

  private bracketed(open: Place): Condition {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ConditionFault(open.at, `more than ${MAX_DEPTH} brackets are open here`);
    const inner = this.joined("or", () => this.joined("and", () => this.term()));
    const close = this.take();
    if (close.text === ")" && close.kind === "bracket") {
      this.depth -= 1;
      return inner;
    }
    if (close.kind === "end") throw new ConditionFault(open.at, "the bracket that opens here is not closed");
    throw misjoined(close);
  }

  private ofValue(): Condition {
    const operator = this.operator("value");
    const bound = this.take();
    if (bound.kind === "number") return { kind: "value", operator, number: bound.number };
    const bare = bound.kind === "string" && /^-?[\d.]+$/.test(bound.string) ? ` Write \`${bound.string}\`.` : "";
    throw new ConditionFault(bound.at, `\`value\` is compared with a number, not with ${found(bound)}.${bare}`);
  }

  private ofLabel({ at, text }: Place): Condition {
    const name = text.slice("labels.".length);
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new ConditionFault(at, `\`${text}\` names no label`);
    const sign = this.peek();
    const operator = this.operator(text);
    if (operator !== "==" && operator !== "!=")
      throw new ConditionFault(sign.at, `a label is compared by == or !=, not by \`${operator}\``);
    const bound = this.take();
    if (bound.kind === "string") return { kind: "label", name, operator, text: bound.string, at };
    const quoted = bound.kind === "word" || bound.kind === "number" ? ` Write \`"${bound.text}"\`.` : "";
    throw new ConditionFault(bound.at, `a label is compared with a text in double quotes.${quoted}`);
  }

  private operator(of: string): Operator {
    const token = this.take();
    if (token.kind === "operator") return token.operator;
    throw new ConditionFault(token.at, `after \`${of}\` stands one of ${OPERATORS.join(" ")}, not ${found(token)}`);
  }

  private noTerm(token: Token): ConditionFault {
    const { at, text } = token;
    if (token.kind === "number" || token.kind === "string") return this.reversed(token);
    if (token.kind !== "word")
      return new ConditionFault(at, `a comparison is missing here: \`value\` or \`labels.name\`, not ${found(token)}`);
    if (text === "labels") return new ConditionFault(at, "`labels` alone is nothing: write `labels.name`");
    if (text.toLowerCase() === "not") return new ConditionFault(at, "there is no `not`: turn the comparison round");
    const label = /^(label|lables|labels?s)\.(\w+)$/i.exec(text)?.[2];
    const hint = label === undefined ? didYouMean(text, ["value", "labels"]) : ` Did you mean \`labels.${label}\`?`;
    return new ConditionFault(at, `unknown word \`${text}\`.${hint}`);
  }

  /** `2 < value`: the bound stands first. */
  private reversed(bound: Token): ConditionFault {
    const [sign, word] = [this.peek(), this.tokens[this.next + 1]];
    const turned =
      sign.kind === "operator" && word?.kind === "word"
        ? ` Write \`${word.text} ${MIRRORED[sign.operator]} ${bound.text}\`.`
        : "";
    return new ConditionFault(bound.at, `\`value\` or \`labels.name\` stands first, not ${found(bound)}.${turned}`);
  }

  private peek(): Token {
    const token = this.tokens[Math.min(this.next, this.tokens.length - 1)];
    if (token === undefined) throw new Error("the tokens of a condition end with `end`");
    return token;
  }

  private take(): Token {
    const token = this.peek();
    this.next += 1;
    return token;
  }
}

/** What stands behind a comparison and joins nothing. */
function misjoined(token: Token): ConditionFault {
  const { at, kind, text } = token;
  if (kind === "bracket" && text === ")") return new ConditionFault(at, "there is no bracket open that this closes");
  const meant = kind === "word" ? nearest(text, ["and", "or"]) : undefined;
  const hint = meant === undefined ? "" : ` Did you mean \`${meant}\`?`;
  return new ConditionFault(at, `\`and\` or \`or\` is missing before ${found(token)}.${hint}`);
}
