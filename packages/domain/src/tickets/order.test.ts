import { expect, test } from "vitest";
import { inDependencyOrder } from "./order.ts";

const keys = (...entries: [string, ...string[]][]) => entries.map(([key, ...depends_on]) => ({ key, depends_on }));
const names = (list: readonly { key: string }[]) => list.map(({ key }) => key).join("");

test.each([
  [keys(["a"], ["b"], ["c"]), "abc"],
  [keys(["c", "b"], ["b", "a"], ["a"]), "abc"],
  [keys(["d", "b", "c"], ["b", "a"], ["c", "a"], ["a"]), "abcd"],
  // What is not in the list cannot be waited for.
  [keys(["a", "gone"], ["b"]), "ab"],
])("%j", (list, expected) => {
  expect(inDependencyOrder(list)).toEqual({ ordered: expect.anything() });
  expect(names(inDependencyOrder(list).ordered)).toBe(expected);
});

test.each([
  [keys(["a", "a"]), ["a", "a"]],
  [keys(["x", "a"], ["a", "b"], ["b", "c"], ["c", "a"]), ["a", "b", "c", "a"]],
])("the way round in %j", (list, cycle) => {
  expect(inDependencyOrder(list).cycle).toEqual(cycle);
});
