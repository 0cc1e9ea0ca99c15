import { compare, OPERATORS, type Operator } from "../alerting/rules/condition.ts";
import { ConditionFault, type Token, tokensOf } from "../alerting/rules/tokens.ts";
import { didYouMean } from "../config/suggest.ts";

/** What a trigger asks of an event's data. */
export type EventCondition =
  | { kind: "member"; name: string; operator: Operator; bound: number | string }
  | { kind: "and" | "or"; terms: readonly EventCondition[] };

/** A condition, or its first mistake with the offset at which it stands. */
export type EventConditionRead = { ok: true; condition: EventCondition } | { ok: false; at: number; message: string };

/** Reads comparisons of members of an event's data with a number or a text in double quotes, joined by `and`, which goes before `or`. */
export function parseEventCondition(text: string, members: readonly string[]): EventConditionRead {
  try {
    return { ok: true, condition: whole(tokensOf(text), members) };
  } catch (fault) {
    if (!(fault instanceof ConditionFault)) throw fault;
    return { ok: false, at: fault.at, message: fault.message };
  }
}

/** Whether a condition holds for an event's data. A member that is missing, or of another type, equals nothing. */
export function holdsFor(condition: EventCondition, data: Readonly<Record<string, unknown>>): boolean {
  switch (condition.kind) {
    case "and":
      return condition.terms.every((term) => holdsFor(term, data));
    case "or":
      return condition.terms.some((term) => holdsFor(term, data));
    case "member": {
      const { name, operator, bound } = condition;
      const value = data[name];
      if (typeof bound === "string") return (value === bound) === (operator === "==");
      return typeof value === "number" ? compare(operator, value, bound) : operator === "!=";
    }
  }
}

function whole(tokens: readonly Token[], members: readonly string[]): EventCondition {
  let next = 0;
  const take = (): Token => {
    const token = tokens[Math.min(next++, tokens.length - 1)];
    if (token === undefined) throw new Error("the tokens of a condition end with `end`");
    return token;
  };
  const joined = (joint: "and" | "or", part: () => EventCondition): EventCondition => {
    const terms = [part()];
    while (tokens[next]?.text === joint) {
      next++;
      terms.push(part());
    }
    const [only] = terms;
    return terms.length === 1 && only !== undefined ? only : { kind: joint, terms };
  };
  const condition = joined("or", () => joined("and", () => comparison(take, members)));
  const rest = take();
  if (rest.kind !== "end") throw new ConditionFault(rest.at, `\`and\` or \`or\` is missing before \`${rest.text}\``);
  return condition;
}

function comparison(take: () => Token, members: readonly string[]): EventCondition {
  const name = take();
  if (!members.includes(name.text)) {
    const known = `The event has ${members.join(", ")}.`;
    throw new ConditionFault(name.at, `\`${name.text}\` is no member of it. ${known}${didYouMean(name.text, members)}`);
  }
  const sign = take();
  if (sign.kind !== "operator")
    throw new ConditionFault(sign.at, `after \`${name.text}\` stands one of ${OPERATORS.join(" ")}`);
  const { operator } = sign;
  const bound = take();
  if (bound.kind === "number") return { kind: "member", name: name.text, operator, bound: bound.number };
  if (bound.kind !== "string")
    throw new ConditionFault(bound.at, `\`${name.text}\` is compared with a number, or a text in double quotes`);
  if (operator !== "==" && operator !== "!=")
    throw new ConditionFault(sign.at, `a text is compared by == or !=, not by \`${operator}\``);
  return { kind: "member", name: name.text, operator, bound: bound.string };
}
