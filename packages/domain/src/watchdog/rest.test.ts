import { expect, test } from "vitest";
import { backoffAfter, restsUntil, toiledAgain, wellAgain } from "./rest.ts";

test("the pause doubles from 10 s to 5 min", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 50].map(backoffAfter)).toEqual([
    0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000,
  ]);
});

test("ten minutes of health begin the count anew, from when it was seen well", () => {
  const well = wellAgain(toiledAgain(undefined, 0), 300_000);
  expect(toiledAgain(well, 899_999)).toEqual({ times: 2, last_at: 899_999 });
  expect(toiledAgain(well, 900_000)).toEqual({ times: 1, last_at: 900_000 });
});

test("what nobody saw well goes on being counted, however long ago it was worked on", () => {
  const ill = toiledAgain(toiledAgain(undefined, 0), 600_000);
  expect(ill).toEqual({ times: 2, last_at: 600_000 });
  // It was well for a moment, and had to be worked on again.
  expect(toiledAgain(wellAgain(ill, 700_000), 800_000)).toEqual({ times: 3, last_at: 800_000 });
});

test.each([
  ["nothing was done", undefined, 60_000, 5, 5],
  ["the cooldown is longer", { times: 1, last_at: 100 }, 60_000, 200, 60_100],
  ["the pause is longer", { times: 6, last_at: 100 }, 60_000, 200, 300_100],
  [
    "it was well for long, and the cooldown is longer still",
    { times: 6, last_at: 100, well_at: 200 },
    900_000,
    700_000,
    900_100,
  ],
])("%s", (_what, toil, cooldown_ms, now, until) => {
  expect(restsUntil(toil, cooldown_ms, now)).toBe(until);
});
