import { describe, expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import { seededRandom } from "./random.ts";

const RETRIES = { base_ms: 1_000, cap_ms: 60_000, jitter: 0.25 };
/** As near to 1 as a source of chance comes. */
const MOST = 1 - 2 ** -32;

describe("min(base × 2^n × jitter, cap)", () => {
  test.each([
    // The first retry waits 0.75 to 1.25 s, each further one twice as long.
    [0, 750, 1_250],
    [1, 1_500, 2_500],
    [2, 3_000, 5_000],
    [5, 24_000, 40_000],
    // The cap cuts after the jitter: the sixth may still be shorter than it, the seventh no more.
    [6, 48_000, 60_000],
    [7, 60_000, 60_000],
    // However many tries there were, the power stays a number.
    [2_000, 60_000, 60_000],
  ])("after %i tries it lies between %i and %i ms", (tries, least, most) => {
    expect(backoffMs(RETRIES, tries, () => 0)).toBe(least);
    expect(backoffMs(RETRIES, tries, () => MOST)).toBe(most);
  });

  test("the middle of the chance is the plain power of two", () => {
    expect([0, 1, 2, 3].map((tries) => backoffMs(RETRIES, tries, () => 0.5))).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  test("it spreads evenly, so that what failed together does not come back together", () => {
    const random = seededRandom(11);
    const fifths = [0, 0, 0, 0, 0];
    for (let n = 0; n < 5_000; n++) {
      const fifth = Math.min(4, Math.floor((backoffMs(RETRIES, 0, random) - 750) / 100));
      fifths[fifth] = (fifths[fifth] ?? 0) + 1;
    }
    for (const count of fifths) expect(count).toBeGreaterThan(850);
    expect(fifths.reduce((sum, count) => sum + count)).toBe(5_000);
  });

  test("without jitter it is exact", () => {
    expect(backoffMs({ base_ms: 20, cap_ms: 1_000, jitter: 0 }, 3, () => 0.9)).toBe(160);
  });
});
