import { expect, test } from "vitest";
import { cutText, cutToBytes, shortened } from "./cut-text.ts";

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "abc"],
  ["abc", 0, ""],
  ["a🦊b", 2, "a"],
  ["a🦊b", 3, "a🦊"],
  ["🦊🦊", 3, "🦊"],
  // A half that was there before is not this function's.
  ["a\uD83D", 2, "a\uD83D"],
])("%j cut to %i is %j", (text, most, expected) => {
  expect(cutText(text, most)).toBe(expected);
});

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["a🦊bc", 3, "a…"],
  ["a🦊bc", 4, "a🦊…"],
])("%j shortened to %i is %j", (text, most, expected) => {
  expect(shortened(text, most)).toBe(expected);
});

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "abc"],
  ["", 3, ""],
  ["abc", 0, ""],
  // An umlaut takes two bytes, a fox four; neither is cut in two.
  ["äöü", 5, "äö"],
  ["a🦊b", 4, "a"],
  ["a🦊b", 5, "a🦊"],
  // What JSON escapes counts as it is written.
  ['say "x"', 6, 'say "'],
  ["a\n\nb", 3, "a\n"],
  ["\u0001\u0001", 11, "\u0001"],
])("%j in %i bytes is %j", (text, most, expected) => {
  expect(cutToBytes(text, most)).toBe(expected);
});
