import { jsonBytes } from "@omoios/contracts/shapes/size";
import { expect, test } from "vitest";
import { cutToBytes, tokensOf } from "./tokens.ts";

test.each([
  ["", 2, 1],
  ["abc", 5, 2],
  ["ü€", 7, 2],
  ['"\n', 6, 2],
])("%j takes %i bytes as JSON, %i tokens", (text, bytes, tokens) => {
  expect(jsonBytes(text)).toBe(bytes);
  expect(tokensOf(jsonBytes(text))).toBe(tokens);
});

test.each([
  ["One. Two. Three.", 18, "One. Two. Three."],
  ["One. Two. Three.", 17, "One. Two. […]"],
  ["One. Two. Three.", 16, "One. […]"],
  ["One. Two. Three.", 11, undefined],
  ["Version 1.2 is out now.", 20, undefined],
  ['He said "stop." Then more and more.', 28, 'He said "stop." […]'],
  ["line one\nline two and more", 22, "line one […]"],
  ["Wait! Why? Since…", 22, "Wait! Why? Since…"],
  ["no end in sight", 12, undefined],
  ["\n\n\nno end in sight", 12, undefined],
])("%j within %i bytes", (text, most, expected) => {
  expect(cutToBytes(text, most)).toBe(expected);
});

test("a text of very many sentences is cut in no time", () => {
  const cut = cutToBytes("a.\n".repeat(100_000), 30_000) ?? "";
  expect(jsonBytes(cut)).toBeLessThanOrEqual(30_000);
  expect(jsonBytes(cut)).toBeGreaterThan(29_900);
});
