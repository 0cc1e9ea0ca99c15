import type { Labels } from "@omoios/contracts/shapes/alert";

export const OPERATORS = [">", ">=", "<", "<=", "==", "!="] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a rule asks of a reading, as `parseCondition` gives it. `at` is the offset of the label in the text. */
export type Condition =
  | { kind: "value"; operator: Operator; number: number }
  | { kind: "label"; name: string; operator: "==" | "!="; text: string; at: number }
  | { kind: "and" | "or"; terms: readonly Condition[] };

/** Whether a condition holds for a value and its labels; a label that is missing is empty. */
export function holds(condition: Condition, value: number, labels: Labels): boolean {
  return test(condition, ({ operator, number }) => compare(operator, value, number), labels);
}

/** Whether there is a value at all for which the condition holds with these labels. */
export function mayHold(condition: Condition, labels: Labels): boolean {
  return test(condition, () => true, labels);
}

type ValueTerm = Extract<Condition, { kind: "value" }>;

function test(condition: Condition, judge: (term: ValueTerm) => boolean, labels: Labels): boolean {
  switch (condition.kind) {
    case "value":
      return judge(condition);
    case "label":
      return ((labels[condition.name] ?? "") === condition.text) === (condition.operator === "==");
    case "and":
      return condition.terms.every((term) => test(term, judge, labels));
    case "or":
      return condition.terms.some((term) => test(term, judge, labels));
  }
}

/** Whether a comparison holds. */
export function compare(operator: Operator, value: number, bound: number): boolean {
  switch (operator) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case "==":
      return value === bound;
    case "!=":
      return value !== bound;
  }
}

/** The label terms of a condition, in the order of the text. */
export function labelTerms(condition: Condition): Extract<Condition, { kind: "label" }>[] {
  if (condition.kind === "label") return [condition];
  return "terms" in condition ? condition.terms.flatMap(labelTerms) : [];
}

/** The bound that a value is first compared with: what an alert shows as its threshold. */
export function thresholdOf(condition: Condition): number | undefined {
  if (condition.kind === "value") return condition.number;
  if (condition.kind === "label") return undefined;
  return condition.terms.map(thresholdOf).find((bound) => bound !== undefined);
}
