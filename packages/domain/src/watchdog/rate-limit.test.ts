import { describe, expect, it, test } from "vitest";
import { countOf, mostOf, oneMore, rateLimitOf, type Tally } from "./rate-limit.ts";

test.each([
  ["3/1h", { most: { count: 3 }, window_ms: 3_600_000 }],
  ["10%/5m", { most: { percent: 10 }, window_ms: 300_000 }],
  ["0/1d", { most: { count: 0 }, window_ms: 86_400_000 }],
  ["3", undefined],
  ["3/h", undefined],
  ["3/0s", undefined],
  ["-3/1h", undefined],
  ["%/1h", undefined],
  ["10 %/5m", undefined],
])("%s reads as %o", (text, limit) => {
  expect(rateLimitOf(text)).toEqual(limit);
});

test.each([
  ["3/1h", 0, 3],
  ["10%/5m", 0, 1],
  ["10%/5m", 9, 1],
  ["10%/5m", 19, 1],
  ["10%/5m", 20, 2],
  ["10%/5m", 1_000, 100],
])("%s in a fleet of %i lets %i through", (text, active, most) => {
  const limit = rateLimitOf(text);
  expect(limit && mostOf(limit, active)).toBe(most);
});

describe("a tally", () => {
  it("forgets what the window has left, and not before", () => {
    let tally: Tally = [];
    for (const at of [0, 10, 20]) tally = oneMore(tally, 100, at);
    expect([99, 100, 110, 120].map((now) => countOf(tally, 100, now))).toEqual([3, 2, 1, 0]);
  });

  it("does not grow beyond a bound, and never counts less than there was within the window", () => {
    let tally: Tally = [];
    for (let at = 1; at <= 1_000; at++) {
      tally = oneMore(tally, 500, at);
      expect(countOf(tally, 500, at)).toBeGreaterThanOrEqual(Math.min(at, 500));
      expect(tally.length).toBeLessThanOrEqual(60);
    }
  });
});
