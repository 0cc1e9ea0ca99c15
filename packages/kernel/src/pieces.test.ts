import { expect, test } from "vitest";
import { piecesOf } from "./pieces.ts";

test.each([
  [[], 2, []],
  [[1, 2], 2, [[1, 2]]],
  [[1, 2, 3], 2, [[1, 2], [3]]],
])("%j in pieces of %i is %j", (items, size, pieces) => {
  expect(piecesOf<number>(items, size)).toEqual(pieces);
});
