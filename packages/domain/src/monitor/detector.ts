import { type Anomaly, describe, percentOff, type Surprises } from "./anomaly.ts";
import { quantileOf, rankDeviation, rankSum } from "./histogram.ts";
import {
  DRIFT,
  FAR,
  GAP_INTERVALS,
  LASTING,
  LEARNING_POINTS,
  NAB_THRESHOLD,
  REFRACTORY_POINTS,
  SEVERITY_BITS,
  THRESHOLD,
  WEIGHT,
} from "./settings.ts";
import type { DetectorState } from "./state.ts";

/** What the detector says of a point. */
export interface Reading {
  /** `learning` in the first 200 points; `normal`, or an anomaly. */
  verdict: "learning" | "normal" | "anomalous";
  /** Mean surprise in bits. 0 while learning, and while a point belongs to an anomaly that was told of already. */
  score: number;
  /** The same without that window; 0 while learning. */
  surprise: number;
  /** The rolling 95th percentile before this point; the value itself at the first. */
  p95: number;
  /** How far the value lies from it, in percent of it; absent where it is 0. */
  p95_deviation_percent?: number;
  anomaly?: Anomaly;
}

/** A deviation is none below this share of the value, which is rounding, or of the usual deviation, or a mean would near a constant for ever. */
const NONE = { of_value: 2 ** -40, of_spread: 2 ** -20 } as const;

/** Where a point of the refractory window is told of again. */
const LEVELS = [NAB_THRESHOLD, THRESHOLD, SEVERITY_BITS.error, SEVERITY_BITS.critical];

/** Sizes beyond are cut, so that no difference of two overflows. */
const LARGEST = 1e300;

/**
 * Judges the next point of a series by those before it, and learns it: `state` is changed in place.
 * @param at milliseconds; only gaps are seen by it
 * @throws {RangeError} the value or the time is no finite number; the state is then as it was
 */
export function step(state: DetectorState, value: number, at: number): Reading {
  if (!Number.isFinite(value)) throw new RangeError(`A sample must be a finite number, not ${value}`);
  if (!Number.isFinite(at)) throw new RangeError(`A sample's time must be a finite number, not ${at}`);
  const observed = Math.max(-LARGEST, Math.min(LARGEST, value));
  follow(state, observed, at);
  const p95 = rollingP95(state);
  const reading: Reading = { verdict: "learning", score: 0, surprise: 0, p95 };
  const off_p95 = percentOff(observed, p95);
  if (off_p95 !== undefined) reading.p95_deviation_percent = off_p95;
  const tamed = tame(state, observed);
  const zero = Math.max(NONE.of_value * Math.abs(observed), NONE.of_spread * state.spread);
  const surprises = rank(state, observed, tamed, zero);
  if (state.points >= LEARNING_POINTS) {
    reading.surprise = meanSurprise(surprises);
    reading.score = newlyStrange(state, reading.surprise);
    reading.verdict = reading.score >= THRESHOLD ? "anomalous" : "normal";
    if (reading.verdict === "anomalous") reading.anomaly = describe(state, observed, surprises, reading.score);
  }
  learn(state, tamed, zero);
  return reading;
}

/** The 95th percentile of a series as the point after its last one meets it. */
export const rollingP95 = ({ slow, slow_deviations }: DetectorState): number =>
  slow + quantileOf(slow_deviations, 0.95);

/** A value that is absurdly far off is learned as one that is only far off: the means must find back from it. */
function tame({ points, spread, long }: DetectorState, value: number): number {
  if (points < LEARNING_POINTS) return value;
  const limit = Math.max(FAR.spreads * spread, FAR.levels * Math.abs(long)) || FAR.units;
  return Math.max(long - limit, Math.min(long + limit, value));
}

/** Starts the means at the first point, and again after a gap, over which nothing is known of the level. */
function follow(state: DetectorState, value: number, at: number): void {
  const pause = Math.max(0, at - state.last_at);
  const gap = state.points > 1 && pause > GAP_INTERVALS * state.interval && state.interval > 0;
  if (state.points === 0 || gap) {
    state.age = 0;
    state.fast = state.slow = state.long = state.last_value = value;
    state.rise = state.fall = 0;
  } else state.interval += (pause - state.interval) * Math.max(WEIGHT.slow, 1 / state.points);
  state.last_at = Math.max(at, state.last_at);
}

function rank(state: DetectorState, value: number, tamed: number, zero: number): Surprises {
  const level = Math.abs(state.slow) || 1;
  const offLong = value - state.long;
  const off = state.spread > 0 ? Math.max(-DRIFT.most, Math.min(DRIFT.most, offLong / state.spread)) : 0;
  state.rise = Math.max(0, state.rise + off - DRIFT.slack);
  state.fall = Math.max(0, state.fall - off - DRIFT.slack);
  state.change = nearer(state.change, Math.abs(tamed - state.last_value), weight(WEIGHT.change, state.points), zero);
  const slow = rankDeviation(state.slow_deviations, value - state.slow, zero, level);
  const drift = rankSum(state.drifts, state.rise > state.fall ? state.rise : -state.fall, state.lasting);
  state.lasting = drift.lasting;
  // While the point itself is usual, nothing lasts but the memory of what was.
  const lasting = state.points < LASTING.from_points ? 0 : Math.min(slow, drift.lasting * LASTING.bits);
  return {
    fast: rankDeviation(state.fast_deviations, value - state.fast, zero, level),
    slow,
    drift: drift.bits + Math.min(LASTING.most_bits, lasting),
    change: rankDeviation(state.changes, state.change, zero, level),
  };
}

/** The cubic mean: what two features agree on counts more than what one alone sees, and one alone is still heard. */
function meanSurprise({ fast, slow, drift, change }: Surprises): number {
  return Math.cbrt((cube(fast) + cube(slow) + cube(drift) + cube(change)) / 4);
}

/** By hand: `**` takes a tenth of a microsecond. */
const cube = (bits: number): number => bits * bits * bits;

/** The score, or 0 while it says no more than what was told of in the refractory window. */
function newlyStrange(state: DetectorState, score: number): number {
  let level = 0;
  while (score >= (LEVELS[level] ?? Number.POSITIVE_INFINITY)) level += 1;
  if (state.points < state.quiet_until && level <= state.told_level) return 0;
  if (level > 0) {
    state.quiet_until = state.points + REFRACTORY_POINTS;
    state.told_level = level;
  }
  return score;
}

function learn(state: DetectorState, value: number, zero: number): void {
  const { age } = state;
  state.spread += (Math.abs(value - state.long) - state.spread) * weight(WEIGHT.long, state.points);
  state.fast = nearer(state.fast, value, weight(WEIGHT.fast, age), zero);
  state.slow = nearer(state.slow, value, weight(WEIGHT.slow, age), zero);
  state.long = nearer(state.long, value, weight(WEIGHT.long, age), zero);
  state.last_value = value;
  state.points += 1;
  state.age += 1;
}

function nearer(mean: number, value: number, share: number, zero: number): number {
  return Math.abs(value - mean) <= zero ? value : mean + (value - mean) * share;
}

const weight = (usual: number, before: number): number => Math.max(usual, 1 / (before + 1));
