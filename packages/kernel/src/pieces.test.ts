import { expect, test } from "vitest";
import { piecesOf, sizedPiecesOf } from "./pieces.ts";

test.each([
  [[], 2, []],
  [[1, 2], 2, [[1, 2]]],
  [[1, 2, 3], 2, [[1, 2], [3]]],
])("%j in pieces of %i is %j", (items, size, pieces) => {
  expect(piecesOf<number>(items, size)).toEqual(pieces);
});

test.each([
  [[], []],
  [
    [3, 3, 3],
    [[3, 3], [3]],
  ],
  [
    [1, 1, 1, 1],
    [[1, 1, 1], [1]],
  ],
  [
    [9, 1, 9],
    [[9], [1], [9]],
  ],
  [[2, 5], [[2, 5]]],
])("%j in pieces of three items and a size of seven is %j", (items, pieces) => {
  expect(sizedPiecesOf<number>(items, { items: 3, size: 7 }, (item) => item)).toEqual(pieces);
});
