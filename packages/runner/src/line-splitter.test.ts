import { expect, test } from "vitest";
import { lineSplitter } from "./line-splitter.ts";

function linesOf(...pieces: string[]): string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return lines;
}

test("lines are whole whatever pieces they come in, and the last one needs no end", () => {
  expect(linesOf("on", "e\ntw", "o\r\n\nthree")).toEqual(["one", "two", "", "three"]);
});

test("a carriage return ends a line, as progress bars use it", () => {
  expect(linesOf("10%\r20%\r30%\n")).toEqual(["10%", "20%", "30%"]);
});

test("output without line ends is handed on in pieces of 4,000 characters", () => {
  expect(linesOf("x".repeat(9_000)).map(({ length }) => length)).toEqual([4_000, 4_000, 1_000]);
});

test("no piece ends inside a character", () => {
  const pieces = linesOf(`x${"🦊".repeat(4_500)}`);
  expect(pieces.map((piece) => piece.isWellFormed())).toEqual([true, true, true]);
  expect(pieces.join("")).toBe(`x${"🦊".repeat(4_500)}`);
});
