import { expect, test } from "vitest";
import { backoffAfter, restsUntil, toiledAgain } from "./rest.ts";

test("the pause doubles from 10 s to 5 min", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 50].map(backoffAfter)).toEqual([
    0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000,
  ]);
});

test("ten minutes of health begin the count anew", () => {
  const first = toiledAgain(undefined, 0);
  expect(toiledAgain(first, 599_999)).toEqual({ times: 2, last_at: 599_999 });
  expect(toiledAgain(first, 600_000)).toEqual({ times: 1, last_at: 600_000 });
});

test.each([
  ["nothing was done", undefined, 60_000, 5, 5],
  ["the cooldown is longer", { times: 1, last_at: 100 }, 60_000, 200, 60_100],
  ["the pause is longer", { times: 6, last_at: 100 }, 60_000, 200, 300_100],
  ["it was well for long, and the cooldown is longer still", { times: 6, last_at: 100 }, 900_000, 700_000, 900_100],
])("%s", (_what, toil, cooldown_ms, now, until) => {
  expect(restsUntil(toil, cooldown_ms, now)).toBe(until);
});
