import { describe, expect, it } from "vitest";
import { increase, withTotal } from "./increase.ts";

const SECOND = 1_000;

/** Totals, one each so many seconds from 0 on, as they are remembered. */
const remembered = (totals: readonly number[], every_seconds: number) =>
  totals.reduce<readonly [number, number][]>(
    (known, total, index) => withTotal(known, index * every_seconds * SECOND, total),
    [],
  );

describe("the increase over five minutes", () => {
  it.each([
    // The first total of a series is no increase.
    [[1_000], 0],
    [[1_000, 1_000, 1_003], 3],
    [[0, 1, 2, 3, 4, 5], 5],
    // Only what came within the window: from minute 1 to minute 6.
    [[0, 10, 10, 10, 10, 10, 12], 2],
    [[0, 0, 3, 3, 3, 3, 3, 3], 0],
    // A counter that began again.
    [[50, 52, 1, 4], 6],
  ])("of %j, one a minute, is %d", (totals, expected) => {
    const at = (totals.length - 1) * 60 * SECOND;
    expect(increase(remembered(totals, 60), at)).toBe(expected);
  });

  it("passes with time", () => {
    const totals = remembered([0, 3], 60);
    expect([1, 5, 6, 7].map((minute) => increase(totals, minute * 60 * SECOND))).toEqual([3, 3, 0, 0]);
  });

  it("remembers few totals of a counter that is sampled each second, and is exact to half a minute", () => {
    const totals = remembered(
      Array.from({ length: 1_000 }, (_, second) => second),
      1,
    );
    expect(totals.length).toBeLessThanOrEqual(13);
    const rise = increase(totals, 999 * SECOND);
    expect(rise).toBeGreaterThanOrEqual(300);
    expect(rise).toBeLessThanOrEqual(330);
  });
});
