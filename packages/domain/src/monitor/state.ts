import { type Histogram, newHistogram } from "./histogram.ts";

/** Everything that the detector knows of one series. `step` changes it in place; `encodeState` packs it. */
export interface DetectorState {
  points: number;
  /** Points since the start or the last gap: the means of a young series are plain averages. */
  age: number;
  /** Milliseconds of the last point, and the usual distance between two. */
  last_at: number;
  interval: number;
  last_value: number;
  /** Exponentially weighted means of about 30, 200 and 1,000 points. */
  fast: number;
  slow: number;
  long: number;
  /** Mean deviation from `long`, and mean step from point to point. */
  spread: number;
  change: number;
  /** Sums of deviations above and below `long`, in units of `spread`. */
  rise: number;
  fall: number;
  /** Points in a row at which the larger of them was past all sums that were seen. */
  lasting: number;
  /** The point from which all is told of again, and the level of what was told of last. */
  quiet_until: number;
  told_level: number;
  fast_deviations: Histogram;
  slow_deviations: Histogram;
  drifts: Histogram;
  changes: Histogram;
}

/** A series of which nothing was seen. */
export function newState(): DetectorState {
  return {
    points: 0,
    age: 0,
    last_at: 0,
    interval: 0,
    last_value: 0,
    fast: 0,
    slow: 0,
    long: 0,
    spread: 0,
    change: 0,
    rise: 0,
    fall: 0,
    lasting: 0,
    quiet_until: 0,
    told_level: 0,
    fast_deviations: newHistogram(true),
    slow_deviations: newHistogram(true),
    drifts: newHistogram(true),
    changes: newHistogram(false),
  };
}
