import { BINS_PER_OCTAVE, binOf, sizeOf } from "./log-bins.ts";
import { EXTENSION, FULL, FULL_BITS, GROWTH_POINTS, POINT, SIDE_BINS } from "./settings.ts";

/**
 * How often deviations of each size and sign were seen, in logarithmic bins: 24 octaves that follow the sizes that come.
 * An old point's weight halves with each `FULL` that the counts reach, so that the whole is integers and packs without loss.
 */
export interface Histogram {
  /** Bins of sizes upwards of zero and, where the feature has a sign, as many again for those below. Bin 0 is zero itself. */
  counts: Uint16Array;
  total: number;
  /** The bin of `binOf` at which the window begins; 0 before the first deviation. */
  origin: number;
}

export function newHistogram(signed: boolean): Histogram {
  return { counts: new Uint16Array(signed ? 2 * SIDE_BINS : SIDE_BINS), total: 0, origin: 0 };
}

/**
 * How surprising a deviation is, in bits: how rarely one at least as large was seen on its side. Past all that was seen,
 * half the slope of the tail is added. Then the deviation is learned.
 * @param zero the size up to which a deviation is none
 * @param scale what a deviation is measured by while its side has hardly been seen
 */
export function rankDeviation(histogram: Histogram, deviation: number, zero: number, scale: number): number {
  const side = deviation < 0 ? SIDE_BINS : 0;
  const size = Math.abs(deviation);
  const reach = size > zero ? reachOf(histogram, binOf(size)) : 0;
  const index = reach === 0 ? 0 : side + Math.min(reach, SIDE_BINS - 1);
  const tail = tailFrom(histogram.counts, index);
  let bits = rarity(histogram, tail);
  if (reach > 0 && tail < EXTENSION.few) bits += bitsBeyond(histogram, side, reach, scale);
  learn(histogram, index);
  return bits;
}

/**
 * The same for a sum that grows while something lasts. It is not continued past what was seen, and learned slowly: what
 * was seen grows by one bin in `GROWTH_POINTS`, or a sum would make itself usual while it rises.
 * @param before points in a row, up to the last, at which it was past all that was seen; with this one, they are `lasting`
 */
export function rankSum(histogram: Histogram, sum: number, before: number): { bits: number; lasting: number } {
  const { counts } = histogram;
  const side = sum < 0 ? SIDE_BINS : 0;
  const reach = sum === 0 ? 0 : Math.min(SIDE_BINS - 1, reachOf(histogram, binOf(Math.abs(sum))));
  const bits = rarity(histogram, tailFrom(counts, reach === 0 ? 0 : side + reach));
  const top = topOf(counts, side, 1);
  const lasting = reach > top ? before + 1 : 0;
  const learned = top === 0 ? reach : Math.min(reach, lasting % GROWTH_POINTS === 0 ? top + 1 : top);
  learn(histogram, learned === 0 ? 0 : side + learned);
  return { bits, lasting };
}

/** The weight of what was seen on a side from a bin upwards; from zero: of all that was not below. */
function tailFrom(counts: Uint16Array, index: number): number {
  const end = index < SIDE_BINS ? SIDE_BINS : 2 * SIDE_BINS;
  let tail = 0;
  for (let i = index; i < end; i++) tail += counts[i] as number;
  return tail;
}

/** Bits of a tail, such that one larger than all that was seen has `FULL_BITS`, however many were seen. */
function rarity({ total }: Histogram, tail: number): number {
  return (FULL_BITS * Math.log2((total + 1) / (tail + 1))) / Math.log2(total + 2);
}

/** Where in the window a size lies, from 1; above the window too. Moves the window by an octave towards what it does not hold. */
function reachOf(histogram: Histogram, bin: number): number {
  if (histogram.origin === 0) histogram.origin = Math.max(1, bin - Math.floor((SIDE_BINS * 2) / 3));
  if (bin - histogram.origin >= SIDE_BINS) shiftUp(histogram);
  else if (bin <= histogram.origin) shiftDown(histogram);
  return Math.max(1, bin - histogram.origin);
}

/** One octave only: a lone outlier must not push what is usual out of the window. */
function shiftUp(histogram: Histogram): void {
  const { counts } = histogram;
  for (let side = 0; side < counts.length; side += SIDE_BINS) {
    let lowest = 0;
    for (let i = 1; i <= BINS_PER_OCTAVE + 1; i++) lowest += counts[side + i] as number;
    counts.copyWithin(side + 1, side + 1 + BINS_PER_OCTAVE, side + SIDE_BINS);
    counts.fill(0, side + SIDE_BINS - BINS_PER_OCTAVE, side + SIDE_BINS);
    counts[side + 1] = lowest;
  }
  histogram.origin += BINS_PER_OCTAVE;
}

/** Only when the highest octave is empty, or most of what is seen lies below the window; what it holds is then kept at the top. */
function shiftDown(histogram: Histogram): void {
  const { counts, total } = histogram;
  if (histogram.origin <= BINS_PER_OCTAVE) return;
  let highest = 0;
  let below = 0;
  for (let side = 0; side < counts.length; side += SIDE_BINS) {
    highest += tailFrom(counts, side + SIDE_BINS - BINS_PER_OCTAVE);
    below += counts[side + 1] as number;
  }
  if (highest > 0 && below <= total / 2) return;
  for (let side = 0; side < counts.length; side += SIDE_BINS) {
    const kept = tailFrom(counts, side + SIDE_BINS - 1 - BINS_PER_OCTAVE);
    // Bin 1 holds all that is below, too.
    counts.copyWithin(side + 2 + BINS_PER_OCTAVE, side + 2, side + SIDE_BINS - BINS_PER_OCTAVE);
    counts.fill(0, side + 2, side + 2 + BINS_PER_OCTAVE);
    counts[side + SIDE_BINS - 1] = kept;
  }
  histogram.origin -= BINS_PER_OCTAVE;
}

function learn(histogram: Histogram, bin: number): void {
  const { counts } = histogram;
  counts[bin] = (counts[bin] as number) + POINT;
  histogram.total += POINT;
  if (histogram.total < FULL) return;
  histogram.total = 0;
  for (let i = 0; i < counts.length; i++) {
    const half = (counts[i] as number) >> 1;
    counts[i] = half;
    histogram.total += half;
  }
}

function bitsBeyond(histogram: Histogram, side: number, reach: number, scale: number): number {
  const { counts, origin } = histogram;
  let seen = 0;
  for (let i = 1; i < SIDE_BINS; i++) seen += counts[side + i] as number;
  const thin = seen < EXTENSION.thin_share * histogram.total;
  // What was seen once is not usual yet; where hardly anything was seen, it is all there is to go by.
  let top = topOf(counts, side, thin ? 1 : EXTENSION.few);
  let slope: number;
  if (thin) {
    if (counts.length > SIDE_BINS) top = Math.max(top, topOf(counts, SIDE_BINS - side, 1));
    top = Math.max(top, binOf(scale) - origin);
    slope = EXTENSION.thin_bits_per_octave;
  } else {
    let middle = 1;
    for (let below = counts[side + 1] as number; below < seen / 2; middle++)
      below += counts[side + middle + 1] as number;
    const octaves = Math.max(EXTENSION.least_octaves, (top - middle + 1) / BINS_PER_OCTAVE);
    slope = Math.min(EXTENSION.most_bits_per_octave, Math.log2((2 * seen) / POINT + 1) / octaves / 2);
  }
  const known = Math.min(1, histogram.total / (POINT * EXTENSION.full_points));
  return known * Math.min(EXTENSION.most_bits, (Math.max(0, reach - top) / BINS_PER_OCTAVE) * slope);
}

/** The highest bin of a side from which upwards at least so much was seen; 0 for none. */
function topOf(counts: Uint16Array, side: number, weight: number): number {
  let tail = 0;
  for (let i = SIDE_BINS - 1; i > 0; i--) {
    tail += counts[side + i] as number;
    if (tail >= weight) return i;
  }
  return 0;
}

/** The deviation below which this share of what was seen lies, with its sign; 0 when nothing was. */
export function quantileOf({ counts, total, origin }: Histogram, share: number): number {
  let above = total * (1 - share);
  for (let i = SIDE_BINS - 1; i > 0; i--) {
    const count = counts[i] as number;
    if (count > above) return sizeAt(origin + i, 1 - above / count);
    above -= count;
  }
  above -= counts[0] as number;
  if (above < 0 || counts.length === SIDE_BINS) return 0;
  for (let i = SIDE_BINS + 1; i < 2 * SIDE_BINS; i++) {
    const count = counts[i] as number;
    if (count > above) return -sizeAt(origin + i - SIDE_BINS, above / count);
    above -= count;
  }
  return 0;
}

function sizeAt(bin: number, share: number): number {
  const from = sizeOf(bin);
  return from + share * (sizeOf(bin + 1) - from);
}
