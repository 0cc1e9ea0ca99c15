import { alertRule } from "@omoios/contracts/shapes/alert-rule";
import { describe, expect, test } from "vitest";
import { checkRule } from "../../alerting/rules/check-rule.ts";
import type { Rule } from "../../alerting/rules/rule.ts";
import { newSeries, type Series } from "../series/model.ts";
import { type Measurement, pointsOf } from "./measurement.ts";

const NOW = 1_700_000_040_000;
const MINUTE = 60_000;
const labels = { agent_id: "a" };
const age = (value: number): Measurement => ({ metric: "agent_heartbeat_age_seconds", labels, value, from: 60 });
const score = (value: number): Measurement => ({ metric: "agent.anomaly_score", labels, value });
const total = (value: number, since: number): Measurement => ({
  metric: "notifications_total",
  labels: {},
  value,
  since,
});

function rule(condition: string): Rule {
  const metric = "agent_heartbeat_age_seconds";
  const read = checkRule(alertRule().parse({ name: "rule", metric, condition, severity: "warning" }));
  if (!read.ok) throw new Error("The rule is faulty");
  return read.rule;
}
const known = (value: number): Series => ({
  ...newSeries({ id: "s", metric: "m", labels }),
  recent: [[NOW - MINUTE, value]],
});

describe("a measurement is a sample", () => {
  test.each<[string, Series | undefined, Measurement, Rule[], number[]]>([
    ["when it is the first that is other than 0", undefined, score(0.5), [], [0.5]],
    ["not while it is 0", undefined, score(0), [], []],
    ["not while an age is usual", undefined, age(45), [], []],
    ["when a rule would hold of an age that is usual", undefined, age(45), [rule("value > 30")], [45]],
    ["when a rule asks for 0", undefined, age(0), [rule("value == 0")], [0]],
    ["not when no rule would hold", undefined, age(45), [rule("value > 50")], []],
    ["when it has changed", known(0.5), score(0.6), [], [0.6]],
    ["not when it has not", known(0.5), score(0.5), [], []],
    ["once when an age is usual again", known(90), age(5), [], [5]],
    ["with the total that it rose from", undefined, total(3, 1), [], [1, 3]],
  ])("%s", (_, series, measured, rules, values) => {
    expect(pointsOf(series, measured, rules, NOW).map(([, value]) => value)).toEqual(values);
  });
});
