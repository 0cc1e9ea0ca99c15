import type { metrics } from "@omoios/contracts/metrics";
import type { Labels } from "@omoios/contracts/shapes/alert";
import type { Instant } from "@omoios/kernel/clock";
import { holds } from "../../alerting/rules/condition.ts";
import type { Rule } from "../../alerting/rules/rule.ts";
import type { Point, Series } from "../series/model.ts";

/** What the plane found of one series by itself. */
export interface Measurement {
  metric: keyof typeof metrics;
  labels: Labels;
  value: number;
  /** A counter: its total when it was last sampled, 0 before the first time. */
  since?: number;
  /** A value that rises while nothing happens, as an age does: it is sampled from there on, and once when it is over. */
  from?: number;
  /** A mean of what ended since the last minute: always a sample, at the minute, so that two sweeps of it give one. */
  mean?: true;
}

const MINUTE_MS = 60_000;

/**
 * The points that a measurement adds to its series: one where the value has changed, or where a rule or the detector asks for what is so
 * now; else none. The first sample of a counter follows the total that it rose from, or nobody could tell that it rose.
 * @param isStrange whether something strange about a series is not over: usual points alone can end it
 */
export function pointsOf(
  series: Series | undefined,
  measured: Measurement,
  rules: readonly Rule[],
  now: Instant,
  isStrange: (series: Series) => boolean = () => false,
): Point[] {
  const { value, since, from, mean } = measured;
  if (mean) return [[now - (now % MINUTE_MS), value]];
  const last = series?.recent.at(-1)?.[1];
  if (last === undefined) {
    if (since !== undefined) {
      return value === since
        ? []
        : [
            [now - MINUTE_MS, since],
            [now, value],
          ];
    }
    const is_news = value !== 0 && (from === undefined || value >= from);
    return is_news || rules.some((rule) => isUnjudged(series, rule, measured)) ? [[now, value]] : [];
  }
  if (isOpen(series) || rules.some((rule) => isUnjudged(series, rule, measured))) return [[now, value]];
  const says_nothing = value === last || (from !== undefined && value < from && last < from);
  return says_nothing && !(series !== undefined && isStrange(series)) ? [] : [[now, value]];
}

/** An alert of the series is open. */
const isOpen = (series: Series | undefined): boolean =>
  Object.values(series?.states ?? {}).some(({ phase }) => phase !== "inactive");

/** A rule that was made after the value came would hold. */
const isUnjudged = (series: Series | undefined, rule: Rule, { labels, value }: Measurement): boolean =>
  rule.enabled && !rule.counter && series?.states[rule.name] === undefined && holds(rule.condition, value, labels);

/** Whether a rule asks for the value of each minute, and not for what changes alone. */
export const asksEachMinute = ({ enabled, datapoints, no_data }: Rule): boolean =>
  enabled && (datapoints !== undefined || no_data === "alert");
