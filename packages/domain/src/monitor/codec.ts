import { ByteReader, ByteWriter } from "./bytes.ts";
import type { Histogram } from "./histogram.ts";
import { FULL, SIDE_BINS } from "./settings.ts";
import { type DetectorState, newState } from "./state.ts";

/** The form of the bytes, and the one before it, which is still read. A state of another form cannot be: its series begins to learn anew. */
const FORM = 2;
const FORM_OF_VARINTS = 1;

const COUNTS = ["points", "age", "lasting", "quiet_until", "told_level"] as const;
const NUMBERS = [
  "last_at",
  "interval",
  "last_value",
  "fast",
  "slow",
  "long",
  "spread",
  "change",
  "rise",
  "fall",
] as const;
const HISTOGRAMS = ["fast_deviations", "slow_deviations", "drifts", "changes"] as const;

/** A side's counts are written with that width of 0, 2 to 8 bits with which they are shortest. */
const WIDEST = 8;

/**
 * The most bytes that bins can take. A count c takes 1 + w + 2·⌊log₂(1 + c / 2^w)⌋ bits with the width w that is best, no more than
 * with the widest; and as all counts together are less than `FULL`, the logarithms are most where all counts are alike.
 */
const mostBytesOf = (bins: number): number =>
  Math.ceil((bins * (1 + WIDEST + 2 * Math.log2(1 + FULL / 2 ** WIDEST / bins))) / 8);

/** Where a side begins and ends, its width, and what is left of its last byte. */
const MOST_OF_SIDE = 4;
const MOST_OF_COUNT = 8;
const MOST_OF_ORIGIN = 2;

/** The most bytes that a state can take, whatever was seen. */
export const MOST_BYTES =
  1 +
  COUNTS.length * MOST_OF_COUNT +
  NUMBERS.length * 8 +
  HISTOGRAMS.map((name) => newState()[name].counts.length)
    .map((bins) => MOST_OF_ORIGIN + (bins / SIDE_BINS) * MOST_OF_SIDE + mostBytesOf(bins))
    .reduce((sum, bytes) => sum + bytes, 0);

/** Packs a state without loss: `decodeState` gives the same readings from then on. Most series take 350 to 650 bytes. */
export function encodeState(state: DetectorState): Uint8Array {
  const writer = new ByteWriter(MOST_BYTES);
  writer.count(FORM);
  for (const name of COUNTS) writer.count(state[name]);
  for (const name of NUMBERS) writer.number(state[name]);
  for (const name of HISTOGRAMS) {
    const { counts, origin } = state[name];
    writer.count(origin);
    for (let side = 0; side < counts.length; side += SIDE_BINS) writeSide(writer, counts, side);
  }
  return writer.bytes();
}

/** Throws `RangeError` for bytes that no `encodeState` of this form wrote. */
export function decodeState(bytes: Uint8Array): DetectorState {
  const reader = new ByteReader(bytes);
  const form = reader.count();
  if (form !== FORM && form !== FORM_OF_VARINTS)
    throw new RangeError(`A detector's state of form ${form} cannot be read, only of form ${FORM}`);
  const readCounts = form === FORM ? readBits : readVarints;
  const state = newState();
  for (const name of COUNTS) state[name] = reader.count();
  for (const name of NUMBERS) state[name] = reader.number();
  for (const name of HISTOGRAMS) readHistogram(reader, state[name], readCounts);
  reader.end();
  return state;
}

/** The bins from the first to the last that hold anything, in exponential Golomb codes. */
function writeSide(writer: ByteWriter, counts: Uint16Array, side: number): void {
  let first = side;
  let end = side + SIDE_BINS;
  while (first < end && counts[first] === 0) first++;
  while (end > first && counts[end - 1] === 0) end--;
  writer.count(end - first);
  if (end === first) return;
  writer.count(first - side);
  const held = counts.subarray(first, end);
  const width = shortestWidth(held);
  writer.count(width);
  writer.golomb(held, width);
}

function shortestWidth(counts: Uint16Array): number {
  let [shortest, least] = [0, Number.POSITIVE_INFINITY];
  for (let width = 0; width <= WIDEST; width += 2) {
    let bits = 0;
    for (const count of counts) bits += 63 - 2 * Math.clz32(count + (1 << width)) - width;
    if (bits < least) [shortest, least] = [width, bits];
  }
  return shortest;
}

type ReadCounts = (reader: ByteReader, counts: Uint16Array) => void;

function readHistogram(reader: ByteReader, histogram: Histogram, readCounts: ReadCounts): void {
  const { counts } = histogram;
  histogram.origin = reader.count();
  for (let side = 0; side < counts.length; side += SIDE_BINS) {
    const length = reader.count();
    if (length === 0) continue;
    const first = reader.count();
    if (first + length > SIDE_BINS) throw new RangeError("A detector's state has bins past the end of its histogram");
    readCounts(reader, counts.subarray(side + first, side + first + length));
  }
  for (const count of counts) histogram.total += count;
}

const readBits: ReadCounts = (reader, counts) => {
  const width = reader.count();
  if (width > WIDEST) throw new RangeError("A detector's state has counts wider than any are written");
  reader.golomb(counts, width);
};

const readVarints: ReadCounts = (reader, counts) => {
  for (let i = 0; i < counts.length; i++) counts[i] = reader.count();
};
