import { expect, it } from "vitest";
import { DRAWERS, isTurn } from "./bank.ts";

const MINUTE_MS = 60_000;

/** The minutes in which a drawer is written, of which a series gets so many points a minute. */
function written(n: number, points: number, minutes: number): number[] {
  const turns: number[] = [];
  let steps = 0;
  let written_at: number | undefined;
  for (let minute = 0; minute < minutes; minute++) {
    const now = minute * MINUTE_MS;
    steps += points;
    if (!isTurn(n, written_at, steps, now)) continue;
    turns.push(minute);
    [steps, written_at] = [0, now];
  }
  return turns;
}

it("a drawer with a point a minute is written once in fifteen", () => {
  expect(written(7, 1, 60)).toEqual([7, 22, 37, 52]);
});

it("in each minute as many drawers have their turn", () => {
  const minutes = Array.from({ length: DRAWERS }, (_, n) => written(n, 1, 60)).flat();
  const counts = Array.from({ length: 60 }, (_, minute) => minutes.filter((each) => each === minute).length);
  expect(new Set(counts)).toEqual(new Set([16]));
});

it("one with more is written before the row of its series lets go of them", () => {
  expect(written(7, 4, 16)).toEqual([3, 7, 11, 15]);
  expect(written(7, 20, 3)).toEqual([0, 1, 2]);
});

it("one whose turn passed without a sweep is written at the next", () => {
  expect(isTurn(7, 7 * MINUTE_MS, 3, 22 * MINUTE_MS)).toBe(true);
  expect(isTurn(7, 7 * MINUTE_MS, 3, 21 * MINUTE_MS)).toBe(false);
  expect(isTurn(7, 7 * MINUTE_MS, 3, 23 * MINUTE_MS)).toBe(true);
});
