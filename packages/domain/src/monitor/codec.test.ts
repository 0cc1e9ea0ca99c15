import { describe, expect, it } from "vitest";
import { decodeState, encodeState, MOST_BYTES } from "./codec.ts";
import { noise, readingsOf, valuesBy } from "./detector-series.fixture.ts";
import { FULL, SIDE_BINS } from "./settings.ts";
import { newState } from "./state.ts";

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

  it("keeps below its bound, and below 2,048 in base64, for the worst that can be", () => {
    const state = newState();
    state.points = state.age = state.lasting = state.quiet_until = Number.MAX_SAFE_INTEGER;
    for (const histogram of [state.fast_deviations, state.slow_deviations, state.drifts, state.changes]) {
      histogram.origin = 2 ** 13;
      // As many counts of three bytes as fit under FULL while every other bin takes two.
      histogram.counts.fill(128);
      let left = FULL - 128 * histogram.counts.length;
      for (let i = 0; left >= 16_384 - 128; i++, left -= 16_384 - 128) histogram.counts[i] = 16_384;
    }
    const bytes = encodeState(state);
    expect(state.drifts.counts.length).toBe(2 * SIDE_BINS);
    expect(bytes.length).toBeLessThanOrEqual(MOST_BYTES);
    expect(bytes.length).toBeGreaterThan(1_400);
    expect(Buffer.from(bytes).toString("base64").length).toBeLessThanOrEqual(2_048);
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
