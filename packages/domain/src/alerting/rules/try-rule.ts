import type { Labels } from "@omoios/contracts/shapes/alert";
import type { RulePhase } from "@omoios/contracts/shapes/alert-rule";
import type { Instant } from "@omoios/kernel/clock";
import { type Evaluated, evaluate, minutesFrom, virtualPace } from "./evaluate.ts";
import type { Rule } from "./rule.ts";
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
  const end = start + lengthOf(series);
  const minutes = minutesFrom(start, end, interval_ms);
  const trial: Trial = { timeline: [], fired: [] };
  for (const one of series) {
    const samples = one.values.flatMap((value, index) =>
      value === null ? [] : [{ at: start + index * one.interval_ms, value }],
    );
    const evaluated = evaluate(rule, one.labels, samples, minutes, virtualPace(interval_ms));
    trial.timeline.push(...evaluated.map(({ at, phase }) => ({ at, labels: one.labels, state: phase })));
    trial.fired.push(...firedOf(rule, one.labels, evaluated));
  }
  return inTime(trial);
}

/** When a rule fired for a label set, and until when. */
export function firedOf(rule: Rule, labels: Labels, evaluated: readonly Evaluated[]): Trial["fired"] {
  const own = { alertname: rule.name, ...alertLabels(rule, labels) };
  const fired: Trial["fired"] = [];
  for (const { at, before, phase } of evaluated) {
    if (phase === before) continue;
    if (phase === "firing") fired.push({ labels: own, fired_at: at, resolved_at: null });
    const open = fired.at(-1);
    if (before === "firing" && open !== undefined) open.resolved_at = at;
  }
  return fired;
}

export const inTime = ({ timeline, fired }: Trial): Trial => ({
  timeline: timeline.sort((a, b) => a.at - b.at),
  fired: fired.sort((a, b) => a.fired_at - b.fired_at),
});

/** How many evaluations `tryRule` makes. */
export function evaluationsOf(interval_ms: number, series: readonly TrySeries[]): number {
  const samples = series.reduce((sum, { values }) => sum + values.length, 0);
  return samples + series.length * (Math.floor(lengthOf(series) / interval_ms) + 1);
}

const lengthOf = (series: readonly TrySeries[]) =>
  Math.max(0, ...series.map(({ values, interval_ms }) => (values.length - 1) * interval_ms));
