import { expect, test } from "vitest";
import { fromRfc3339, systemClock, toRfc3339 } from "./clock.ts";

test.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [1_767_607_200_123, "2026-01-05T10:00:00.123Z"],
  [-1, "1969-12-31T23:59:59.999Z"],
])("%i leaves as %s and comes back", (at, text) => {
  expect(toRfc3339(at)).toBe(text);
  expect(fromRfc3339(text)).toBe(at);
});

test.each([
  // Any offset is read; all of these are the same moment.
  ["2026-01-05T12:00:00.123+02:00", 1_767_607_200_123],
  ["2026-01-05T05:30:00.123-04:30", 1_767_607_200_123],
  ["2026-01-05T10:00:00Z", 1_767_607_200_000],
  ["2026-01-05t10:00:00z", 1_767_607_200_000],
  ["2026-01-05T10:00Z", 1_767_607_200_000],
])("%s is read by its offset", (text, at) => {
  expect(fromRfc3339(text)).toBe(at);
});

test.each([
  "",
  "soon",
  "2026-13-05T10:00:00Z",
  "2026-01-05T25:00:00Z",
  "1",
  "2026",
  "Jan 5, 2026",
  "2026-01-05T10:00:00",
])("%j is no time", (text) => {
  expect(fromRfc3339(text)).toBeUndefined();
});

test("the machine's clock tells milliseconds and does not run backwards between two looks", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});
