import { ByteReader, ByteWriter } from "./bytes.ts";
import type { Histogram } from "./histogram.ts";
import { SIDE_BINS } from "./settings.ts";
import { type DetectorState, newState } from "./state.ts";

/** The form of the bytes. A state of another form cannot be read: its series begins to learn anew. */
const FORM = 1;

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

/**
 * The most bytes that a state can take. Counts are varints of up to 3 bytes, but all counts of a histogram together are less than
 * `FULL`, so that three of them at most need the third. In base64 it is a third more, 2,048 at most.
 */
export const MOST_BYTES = 1_536;

/** Packs a state without loss: `decodeState` gives the same readings from then on. Most series take 500 to 1,000 bytes. */
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
  if (form !== FORM) throw new RangeError(`A detector's state of form ${form} cannot be read, only of form ${FORM}`);
  const state = newState();
  for (const name of COUNTS) state[name] = reader.count();
  for (const name of NUMBERS) state[name] = reader.number();
  for (const name of HISTOGRAMS) readHistogram(reader, state[name]);
  reader.end();
  return state;
}

/** The bins from the first to the last that hold anything. */
function writeSide(writer: ByteWriter, counts: Uint16Array, side: number): void {
  let first = side;
  let end = side + SIDE_BINS;
  while (first < end && counts[first] === 0) first++;
  while (end > first && counts[end - 1] === 0) end--;
  writer.count(end - first);
  if (end > first) writer.count(first - side);
  for (let i = first; i < end; i++) writer.count(counts[i] as number);
}

function readHistogram(reader: ByteReader, histogram: Histogram): void {
  const { counts } = histogram;
  histogram.origin = reader.count();
  for (let side = 0; side < counts.length; side += SIDE_BINS) {
    const length = reader.count();
    const first = length === 0 ? 0 : reader.count();
    if (first + length > SIDE_BINS) throw new RangeError("A detector's state has bins past the end of its histogram");
    for (let i = side + first; i < side + first + length; i++) {
      const count = reader.count();
      counts[i] = count;
      histogram.total += count;
    }
  }
}
