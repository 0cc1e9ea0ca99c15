import { expect, test } from "vitest";
import { parseProgressLine } from "./progress-line.ts";

test.each([
  ["omoi:progress 40 tests run", { percent: 40, note: "tests run" }],
  ["omoi:progress 12.5% linking  ", { percent: 12.5, note: "linking" }],
  ["omoi:progress 100", { percent: 100 }],
  ["omoi:progress 400 too eager", { percent: 100, note: "too eager" }],
])("%s is progress", (line, progress) => {
  expect(parseProgressLine(line)).toEqual(progress);
});

test.each(["omoi:progress", "omoi:progress half", "omoi:progress -1 back", " omoi:progress 5", "progress 5"])(
  "%s is plain output",
  (line) => {
    expect(parseProgressLine(line)).toBeUndefined();
  },
);

test("a note longer than the plane takes is cut", () => {
  expect(parseProgressLine(`omoi:progress 1 ${"n".repeat(3_000)}`)?.note).toHaveLength(2_000);
});

test("nor is it cut inside a character", () => {
  expect(parseProgressLine(`omoi:progress 1 n${"🦊".repeat(1_500)}`)?.note).toBe(`n${"🦊".repeat(999)}`);
});
