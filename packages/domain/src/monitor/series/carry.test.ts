import { expect, test } from "vitest";
import { carriedForward } from "./carry.ts";
import type { Point } from "./model.ts";

const MINUTES = [0, 60, 120, 180];

test.each<[string, Point[], Point[]]>([
  ["nothing stays nothing", [], []],
  [
    "a value stands until the end",
    [[70, 5]],
    [
      [70, 5],
      [180, 5],
    ],
  ],
  [
    "a value from before stands from the beginning on",
    [[-500, 5]],
    [
      [0, 5],
      [60, 5],
      [120, 5],
      [180, 5],
    ],
  ],
  [
    "of several in a minute the last one stands",
    [
      [10, 5],
      [20, 6],
    ],
    [
      [10, 5],
      [20, 6],
      [120, 6],
      [180, 6],
    ],
  ],
  [
    "a minute that has its own keeps it",
    [
      [0, 5],
      [60, 6],
      [120, 7],
      [180, 8],
    ],
    [
      [0, 5],
      [60, 6],
      [120, 7],
      [180, 8],
    ],
  ],
  [
    "what comes after the last minute is kept",
    [
      [0, 5],
      [200, 9],
    ],
    [
      [0, 5],
      [60, 5],
      [120, 5],
      [180, 5],
      [200, 9],
    ],
  ],
])("%s", (_, points, carried) => {
  expect(carriedForward(points, MINUTES)).toEqual(carried);
});
