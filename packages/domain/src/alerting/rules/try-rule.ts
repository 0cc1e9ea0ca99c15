import type { Labels } from "@omoios/contracts/shapes/alert";
import type { RulePhase } from "@omoios/contracts/shapes/alert-rule";
import type { Instant } from "@omoios/kernel/clock";
import type { Rule } from "./rule.ts";
import type { Pace, Reading, RuleState } from "./rule-state.ts";
import { step } from "./step.ts";
import { alertLabels } from "./tell.ts";

/** Values of one label set, so far apart, from the start of the test. */
export interface TrySeries {
  labels: Labels;
  values: readonly (number | null)[];
  interval_ms: number;
}

export interface Trial {
  timeline: { at: Instant; labels: Labels; state: RulePhase }[];
  /** With the alert's own labels. */
  fired: { labels: Labels; fired_at: Instant; resolved_at: Instant | null }[];
}

/** What a rule would have done with these series, evaluated each interval and at each sample. */
export function tryRule(rule: Rule, start: Instant, interval_ms: number, series: readonly TrySeries[]): Trial {
  const end = start + Math.max(0, ...series.map((one) => (one.values.length - 1) * one.interval_ms));
  // A minute without a point is meant: here it is no data at once.
  const pace: Pace = { interval_ms, evaluations_without_data: 1 };
  const trial: Trial = { timeline: [], fired: [] };
  for (const one of series) run(rule, one, { start, end, pace }, trial);
  trial.timeline.sort((a, b) => a.at - b.at);
  trial.fired.sort((a, b) => a.fired_at - b.fired_at);
  return trial;
}

/** How many evaluations `tryRule` makes. */
export function evaluationsOf(interval_ms: number, series: readonly TrySeries[]): number {
  const longest = Math.max(0, ...series.map(({ values, interval_ms }) => (values.length - 1) * interval_ms));
  const samples = series.reduce((sum, { values }) => sum + values.length, 0);
  return samples + series.length * (Math.floor(longest / interval_ms) + 1);
}

function run(
  rule: Rule,
  series: TrySeries,
  { start, end, pace }: { start: Instant; end: Instant; pace: Pace },
  { timeline, fired }: Trial,
): void {
  const { labels } = series;
  let state: RuleState | undefined;
  for (const { at, readings } of readingsOf(series, start, end, pace.interval_ms)) {
    const last = state?.phase;
    for (const reading of readings) ({ state } = step(rule, labels, state, reading, at, pace));
    const phase = state?.phase ?? "inactive";
    timeline.push({ at, labels, state: phase });
    if (phase === "firing" && last !== "firing")
      fired.push({ labels: { alertname: rule.name, ...alertLabels(rule, labels) }, fired_at: at, resolved_at: null });
    if (phase !== "firing" && last === "firing") {
      const open = fired.at(-1);
      if (open !== undefined) open.resolved_at = at;
    }
  }
}

/** What is evaluated at each moment: the sample that arrives then, before the minute that sees it. */
function readingsOf(
  { values, interval_ms }: TrySeries,
  start: Instant,
  end: Instant,
  every_ms: number,
): { at: Instant; readings: Reading[] }[] {
  const moments = new Map<Instant, Reading[]>();
  values.forEach((value, index) => {
    if (value !== null) moments.set(start + index * interval_ms, [{ kind: "sample", value }]);
  });
  for (let at = start; at <= end; at += every_ms) moments.set(at, [...(moments.get(at) ?? []), { kind: "minute" }]);
  return [...moments].map(([at, readings]) => ({ at, readings })).sort((a, b) => a.at - b.at);
}
