import { quantileOf } from "./histogram.ts";
import { SEVERITY_BITS } from "./settings.ts";
import type { DetectorState } from "./state.ts";

/** What is strange about a point, and how much. */
export interface Anomaly {
  /** `spike` and `drop`: off the mean of the last points; `trend`: off the long mean for long; `pattern_change`: it moves otherwise than it did. */
  kind: "spike" | "drop" | "trend" | "pattern_change";
  /** What was expected: the mean; with `pattern_change` the median step from point to point. */
  baseline: number;
  /** What came: the value; with `pattern_change` the mean step of late. */
  observed: number;
  /** How far it lies from the baseline, in percent of it; absent where the baseline is 0. */
  deviation_percent?: number;
  severity: "warning" | "error" | "critical";
}

/** Surprises of a point in bits, one for each feature. */
export interface Surprises {
  fast: number;
  slow: number;
  drift: number;
  change: number;
}

/** Says what an anomaly is. The most surprising feature names it, a deviation of the point itself before what lasts. */
export function describe(state: DetectorState, value: number, surprises: Surprises, score: number): Anomaly {
  const severity = score >= SEVERITY_BITS.critical ? "critical" : score >= SEVERITY_BITS.error ? "error" : "warning";
  const { fast, slow, drift, change } = surprises;
  if (Math.max(fast, slow) >= Math.max(drift, change)) {
    const baseline = state.slow;
    return told({ kind: value >= baseline ? "spike" : "drop", baseline, observed: value, severity });
  }
  if (drift >= change) return told({ kind: "trend", baseline: state.long, observed: value, severity });
  const baseline = quantileOf(state.changes, 0.5);
  return told({ kind: "pattern_change", baseline, observed: state.change, severity });
}

function told(anomaly: Anomaly): Anomaly {
  const deviation_percent = percentOff(anomaly.observed, anomaly.baseline);
  return deviation_percent === undefined ? anomaly : { ...anomaly, deviation_percent };
}

/** How far a value lies from a baseline, in percent of it; `undefined` where that is no number, as from 0. */
export function percentOff(value: number, baseline: number): number | undefined {
  const percent = (100 * (value - baseline)) / Math.abs(baseline);
  return Number.isFinite(percent) ? percent : undefined;
}
