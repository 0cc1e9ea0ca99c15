/** The constants of the detector: one set for every series. The room's page says how each was found. */

/** Points before the first verdict. */
export const LEARNING_POINTS = 200;

/** Points after an anomaly in which what goes on is still the same anomaly. */
export const REFRACTORY_POINTS = 100;

/** Score, in bits, from which a point is an anomaly. */
export const THRESHOLD = 16.5;

/** The score from which severity rises; below the first it is a warning. */
export const SEVERITY_BITS = { error: 19, critical: 21 } as const;

/** The threshold that does best on the Numenta Anomaly Benchmark, whose windows reward an alarm far too often for a pager. */
export const NAB_THRESHOLD = 8.8;

/** Weights of a new point in the means: about the last 30, 200 and 1,000 points; `change` is the mean step from point to point. */
export const WEIGHT = { fast: 0.03, slow: 0.005, long: 0.001, change: 0.04 } as const;

/** A sum of deviations from the long mean, in mean deviations: what it loses with each point, and the most that one adds. */
export const DRIFT = { slack: 0.5, most: 5 } as const;

/** A pause of so many usual intervals is a gap: the means start again, what was learned of deviations stays. */
export const GAP_INTERVALS = 100;

/** How far from the long mean a value is learned at most: in mean deviations, in means, and in units where both are 0. */
export const FAR = { spreads: 100, levels: 10, units: 1_000 } as const;

/** Bins of one sign: zero, and 95 quarters of octaves. */
export const SIDE_BINS = 96;

/** What a point adds to its bin; a histogram that holds `FULL` is halved: it remembers 4,000 to 8,000 points. */
export const POINT = 8;
export const FULL = 8_000 * POINT;

/** How the tail of a histogram is continued past what was seen. */
export const EXTENSION = {
  /** Count from which a tail is known and not continued. */
  few: 12,
  /** Points from which it counts in full: on the first day much comes for the first time. */
  full_points: 1_440,
  /** A side with less than this share of all points has no slope of its own. */
  thin_share: 0.05,
  thin_bits_per_octave: 1,
  most_bits_per_octave: 3,
  least_octaves: 1,
  most_bits: 15,
} as const;

/** Bits of a deviation larger than all that were seen, however many or few those are. */
export const FULL_BITS = 15;

/** Points in which the largest sum that counts as seen grows by one bin. */
export const GROWTH_POINTS = 5;

/**
 * What each point in a row at which a sum is past all that was seen adds to its surprise: a slope that lasts. Not before
 * `from_points`: what lasts in the first three days may be a season.
 */
export const LASTING = { bits: 0.15, most_bits: 15, from_points: 4_320 } as const;
