import { type Random, seededRandom } from "@omoios/kernel/random";
import { describe, expect, it } from "vitest";
import { ByteWriter } from "./bytes.ts";
import { decodeState, encodeState, MOST_BYTES } from "./codec.ts";
import { noise, readingsOf, valuesBy } from "./detector-series.fixture.ts";
import { FULL, SIDE_BINS } from "./settings.ts";
import { type DetectorState, newState } from "./state.ts";

/** All numbers as long as they can be, and the counts of a histogram spread over more and more of its bins, alike or not. */
function worstState(random: Random, n: number): DetectorState {
  const state = newState();
  state.points = state.age = state.lasting = state.quiet_until = state.told_level = Number.MAX_SAFE_INTEGER;
  state.last_value = state.fast = -Math.PI;
  for (const name of ["fast_deviations", "slow_deviations", "drifts", "changes"] as const) {
    const histogram = state[name];
    const { counts } = histogram;
    histogram.origin = 2 ** 13;
    histogram.total = FULL - 1;
    // The first of them: every bin holds as much as any other. Then fewer bins, and more of them by chance.
    const bins = Math.max(1, Math.round(counts.length * (1 - (n % 20) / 20)));
    const share = random() < 0.5 ? 0 : random();
    let left = FULL - 1;
    for (let i = 0; i < bins; i++) {
      const alike = left / (bins - i);
      const count = i === bins - 1 ? left : Math.floor(n === 0 ? alike : alike * (1 - share + 2 * share * random()));
      counts[Math.floor((i * counts.length) / bins)] = Math.min(left, count);
      left -= Math.min(left, count);
    }
  }
  return state;
}

/** The form before: each bin of a side, from the first to the last that holds anything, as a varint. */
function inVarints(state: DetectorState): Uint8Array {
  const { points, age, lasting, quiet_until, told_level } = state;
  const { last_at, interval, last_value, fast, slow, long, spread, change, rise, fall } = state;
  const writer = new ByteWriter(2_000);
  for (const count of [1, points, age, lasting, quiet_until, told_level]) writer.count(count);
  for (const number of [last_at, interval, last_value, fast, slow, long, spread, change, rise, fall])
    writer.number(number);
  for (const { counts, origin } of [state.fast_deviations, state.slow_deviations, state.drifts, state.changes]) {
    writer.count(origin);
    for (let side = 0; side < counts.length; side += SIDE_BINS) {
      const held = [...counts.subarray(side, side + SIDE_BINS)];
      const first = held.findIndex((count) => count > 0);
      const last = held.findLastIndex((count) => count > 0);
      writer.count(last - first + (first < 0 ? 0 : 1));
      if (first < 0) continue;
      writer.count(first);
      for (const count of held.slice(first, last + 1)) writer.count(count);
    }
  }
  return writer.bytes();
}

describe("a packed state", () => {
  it.each([0, 1, 250, 3_000, 20_000])("after %d points goes on as if it had never been packed", (points) => {
    const next = noise(1);
    const state = newState();
    readingsOf(valuesBy(points, next), state);
    const unpacked = decodeState(encodeState(state));
    expect(unpacked).toEqual(state);
    const more = valuesBy(500, (i) => (i === 400 ? 200 : next()));
    const from = points * 60_000;
    expect(readingsOf(more, unpacked, from)).toEqual(readingsOf(more, state, from));
  });

  it("is small for a usual series", () => {
    const state = newState();
    readingsOf(valuesBy(5_000, noise(2)), state);
    expect(encodeState(state).length).toBeLessThan(900);
  });

  it("keeps below its bound for the worst that can be, and nothing of it is lost", () => {
    const random = seededRandom(4);
    const sizes = Array.from({ length: 400 }, (_, n) => {
      const state = worstState(random, n);
      const bytes = encodeState(state);
      expect(decodeState(bytes)).toEqual(state);
      return bytes.length;
    });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MOST_BYTES);
    // The bound says something: some of these come near it.
    expect(Math.max(...sizes)).toBeGreaterThan(0.85 * MOST_BYTES);
  });

  it("of the form before this one is read as it was", () => {
    const state = newState();
    readingsOf(valuesBy(3_000, noise(5)), state);
    expect(decodeState(inVarints(state))).toEqual(state);
  });

  it.each([
    ["another form", (bytes: Uint8Array) => Uint8Array.of(99, ...bytes.slice(1)), /of form 99 cannot be read/],
    ["nothing", () => new Uint8Array(), /bounds/],
    ["too little", (bytes: Uint8Array) => bytes.slice(0, -1), /bounds/],
    ["too much", (bytes: Uint8Array) => Uint8Array.of(...bytes, 0), /1 bytes are left/],
    ["an endless count", () => new Uint8Array(20).fill(255), /longer than any/],
  ])("is refused where it is %s", (_, spoil, message) => {
    const state = newState();
    readingsOf(valuesBy(300, noise(3)), state);
    expect(() => decodeState(spoil(encodeState(state)))).toThrow(message);
  });
});
