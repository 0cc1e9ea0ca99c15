import type { Labels } from "@omoios/contracts/shapes/alert";
import { type Condition, holds } from "../../alerting/rules/condition.ts";
import type { Rule } from "../../alerting/rules/rule.ts";

/** A value, and what was usual where it came: the mean of about 200 points before it. */
export interface Strayed {
  value: number;
  usual: number;
}

/**
 * The bound that a strange value has passed: of the rules whose condition holds for it and not for what was usual, the farthest from
 * that. `undefined` where there is none. A counter's rule judges what the total rose by, so that its bound is none of a value.
 */
export function breachedBound(rules: readonly Rule[], labels: Labels, strayed: Strayed): number | undefined {
  const { value, usual } = strayed;
  const passed = rules
    .filter(({ enabled, counter }) => enabled && !counter)
    .filter(({ condition }) => holds(condition, value, labels) && !holds(condition, usual, labels))
    .flatMap(({ condition }) => passedBounds(condition, labels, strayed));
  return passed.sort((a, b) => Math.abs(b - usual) - Math.abs(a - usual))[0];
}

/** The bounds by which a condition came to hold. */
function passedBounds(condition: Condition, labels: Labels, strayed: Strayed): number[] {
  if (!holds(condition, strayed.value, labels)) return [];
  switch (condition.kind) {
    case "value":
      return holds(condition, strayed.usual, labels) ? [] : [condition.number];
    case "label":
      return [];
    case "and":
    case "or":
      return condition.terms.flatMap((term) => passedBounds(term, labels, strayed));
  }
}
