import type { AlertRule } from "@omoios/contracts/shapes/alert-rule";
import { alertRule } from "@omoios/contracts/shapes/alert-rule";
import { expect, it } from "vitest";
import { checkRule } from "../../alerting/rules/check-rule.ts";
import type { Rule } from "../../alerting/rules/rule.ts";
import { judgeMinute, judgePoints, minuteMatters } from "./judge-series.ts";
import { newSeries, type Point, type Series } from "./model.ts";

const MINUTE = 60_000;
const T0 = 1_700_000_000_000;
const labels = { phase_id: "PHASE_TESTING" };

function ruleOf(more: Partial<AlertRule> = {}): Rule {
  const written = alertRule().parse({
    name: "queue",
    metric: "tasks_queued_total",
    condition: "value > 20",
    severity: "warning",
    ...more,
  });
  const checked = checkRule(written);
  if (!checked.ok) throw new Error("The rule is faulty");
  return checked.rule;
}

/** Feeds a series minute by minute: its points first, then the sweep. */
function run(rules: (minute: number) => Rule[], values: (number | undefined)[]): { told: string[]; series: Series } {
  let series: Series = newSeries({ id: "s", metric: "tasks_queued_total", labels });
  const told: string[] = [];
  for (const [minute, value] of values.entries()) {
    const now = T0 + minute * MINUTE;
    const points: Point[] = value === undefined ? [] : [[now, value]];
    const sampled = judgePoints(series, points, rules(minute), now);
    series = { ...series, states: sampled.states };
    const swept = judgeMinute(series, rules(minute), now + 1_000);
    series = { ...series, states: swept.states };
    told.push(
      ...[...sampled.signals, ...swept.signals].map(({ alertname, status }) => `${minute} ${alertname} ${status}`),
    );
  }
  return { told, series };
}

it("each rule of the metric judges for itself, and nothing is remembered once all is well", () => {
  const rules = [ruleOf(), ruleOf({ name: "lasting", for: "2m", severity: "critical" })];
  const { told, series } = run(() => rules, [10, 25, 26, 27, 5]);
  expect(told).toEqual([
    "1 queue firing",
    "1 lasting pending",
    "3 lasting firing",
    "4 queue resolved",
    "4 lasting resolved",
  ]);
  expect(series.states).toEqual({});
  expect(minuteMatters(series, rules)).toBe(false);
});

it("a rule that is gone or disabled ends what it began", () => {
  const gone = run((minute) => (minute < 2 ? [ruleOf()] : []), [25, 25, undefined]);
  expect(gone.told).toEqual(["0 queue firing", "2 queue resolved"]);
  const disabled = run((minute) => [ruleOf({ enabled: minute < 2 })], [25, 25, undefined]);
  expect(disabled.told).toEqual(["0 queue firing", "2 queue resolved"]);
  expect([gone.series.states, disabled.series.states]).toEqual([{}, {}]);
});

it("silence is a matter of the sweep where a rule asks for data", () => {
  const rule = ruleOf({ no_data: "alert" });
  expect(minuteMatters(newSeries({ id: "s", metric: "m", labels }), [rule])).toBe(true);
  expect(run(() => [rule], [1, undefined, undefined]).told).toEqual(["2 queue firing"]);
});

it("a sample that was measured before the last minute and comes after it still counts", () => {
  const rule = ruleOf({ for: "10m" });
  const series = newSeries({ id: "s", metric: "tasks_queued_total", labels });
  const first = judgePoints(series, [[T0, 25]], [rule], T0);
  const swept = judgeMinute({ ...series, states: first.states }, [rule], T0 + MINUTE);
  const late = judgePoints({ ...series, states: swept.states }, [[T0 + MINUTE - 500, 3]], [rule], T0 + MINUTE + 500);
  expect(late.signals.map(({ status }) => status)).toEqual(["resolved"]);
});

it("what a minute remembers is judged once, however often it is swept", () => {
  const rule = ruleOf({ for: "1m" });
  const series = newSeries({ id: "s", metric: "tasks_queued_total", labels });
  const { states } = judgePoints(series, [[T0, 25]], [rule], T0);
  const once = judgeMinute({ ...series, states }, [rule], T0 + MINUTE);
  expect(judgeMinute({ ...series, states: once.states }, [rule], T0 + MINUTE)).toEqual({
    states: once.states,
    signals: [],
  });
});
