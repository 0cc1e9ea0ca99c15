import { type AlertRule, alertRule } from "@omoios/contracts/shapes/alert-rule";
import { expect, it } from "vitest";
import { checkRule } from "../../alerting/rules/check-rule.ts";
import type { Rule } from "../../alerting/rules/rule.ts";
import { breachedBound } from "./breach.ts";

function ruleOf(condition: string, more: Partial<AlertRule> = {}): Rule {
  const metric = "tasks_queued_total";
  const written = alertRule().parse({ name: "queue", metric, condition, severity: "warning", ...more });
  const checked = checkRule(written);
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  return checked.rule;
}

const labels = { phase_id: "PHASE_TESTING", priority: "HIGH" };

it.each([
  ["above it", ["value > 20"], 150, 5, 20],
  ["at it", ["value > 20"], 20, 5, undefined],
  ["at one that is included", ["value >= 20"], 20, 5, 20],
  ["short of it", ["value > 20"], 19, 5, undefined],
  ["below a least", ["value < 3"], 0, 5, 3],
  ["another number than the one that must be", ["value != 5"], 9, 5, 5],
  ["past a bound that is usually passed", ["value > 20"], 150, 21, undefined],
  ["past one of two sides", ["value < 1 or value > 10"], 12, 5, 10],
  ["past the other", ["value < 1 or value > 10"], 0, 5, 1],
  ["from one side to the other", ["value < 1 or value > 10"], 12, 0, undefined],
  ["into a band", ["value > 2 and value < 10"], 9, 1, 2],
  ["with the labels of the rule", ['value > 20 and labels.priority == "HIGH"'], 150, 5, 20],
  ["with others", ['value > 20 and labels.priority == "LOW"'], 150, 5, undefined],
  ["past the bound of these labels", ['(value > 90 and labels.priority == "LOW") or value > 80'], 95, 5, 80],
  ["past two rules' bounds", ["value > 20", "value > 100", "value > 200"], 150, 5, 100],
  ["without a rule", [], 150, 5, undefined],
] as const)("a value %s", (_, conditions, value, usual, bound) => {
  const rules = conditions.map((condition) => ruleOf(condition));
  expect(breachedBound(rules, labels, { value, usual })).toBe(bound);
});

it("a rule that is switched off, or that judges what a counter rose by, has no bound of a value", () => {
  const counted = ruleOf("value > 20", { metric: "tasks_completed_total" });
  const off = ruleOf("value > 20", { enabled: false });
  expect(breachedBound([off, counted], labels, { value: 150, usual: 5 })).toBeUndefined();
  expect(breachedBound([off, counted, ruleOf("value > 30")], labels, { value: 150, usual: 5 })).toBe(30);
});
