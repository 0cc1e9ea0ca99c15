import { expect, test } from "vitest";
import { holdsFor, parseEventCondition } from "./event-condition.ts";

const MEMBERS = ["count", "to", "from"];

test.each([
  ["count >= 3", { count: 3 }, true],
  ["count >= 3", { count: 2 }, false],
  ["count >= 3", {}, false],
  ["count != 3", {}, true],
  ['to == "FAILED"', { to: "FAILED" }, true],
  ['to != "FAILED"', { to: "IDLE" }, true],
  ['to == "FAILED" and count > 1', { to: "FAILED", count: 1 }, false],
  ['to == "A" or to == "B" and count > 1', { to: "A", count: 0 }, true],
  ['to == "A" or to == "B" and count > 1', { to: "B", count: 0 }, false],
])("%s of %o is %s", (text, data, holds) => {
  const read = parseEventCondition(text, MEMBERS);
  expect(read.ok && holdsFor(read.condition, data)).toBe(holds);
});

test.each([
  ["", 0, "no member"],
  ["misses >= 3", 0, "no member"],
  ["cout >= 3", 0, "Did you mean `count`"],
  ["count", 5, "stands one of"],
  ["count = 3", 6, "Did you mean `==`"],
  ["count >= FAILED", 9, "a number, or a text"],
  ['to > "FAILED"', 3, "a text is compared by"],
  ["count > 3 to", 10, "is missing before"],
])("%s is refused at %i: %s", (text, at, message) => {
  expect(parseEventCondition(text, MEMBERS)).toMatchObject({
    ok: false,
    at,
    message: expect.stringContaining(message),
  });
});
