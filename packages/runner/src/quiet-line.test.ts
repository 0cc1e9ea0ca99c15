import { expect, test } from "vitest";
import { parseQuietLine } from "./quiet-line.ts";

test.each([
  ["omoi:quiet 300", 300],
  ["omoi:quiet 1.5 asking the model", 1.5],
  ["omoi:quiet 3600", 600],
])("%s is quiet for %d s", (line, seconds) => {
  expect(parseQuietLine(line)).toBe(seconds);
});

test.each(["omoi:quiet", "omoi:quiet soon", "omoi:quiet -5", " omoi:quiet 5", "omoi:quiet 5s"])(
  "%s is plain output",
  (line) => {
    expect(parseQuietLine(line)).toBeUndefined();
  },
);
