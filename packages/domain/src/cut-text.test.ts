import { expect, test } from "vitest";
import { cutToBytes } from "./cut-text.ts";

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
