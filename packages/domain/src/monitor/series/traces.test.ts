import { expect, it } from "vitest";
import type { Trace } from "./model.ts";
import { MOST_TRACES, traceOf, withTrace } from "./traces.ts";

const SECOND = 1_000;

/** Calls that bring one value each, so many seconds apart. */
const brought = (values: readonly number[], apart_seconds: number) =>
  values.reduce<readonly Trace[]>(
    (known, value, n) => withTrace(known, [[n * apart_seconds * SECOND, value]], `trace of ${n}`),
    [],
  );

it("a point has the trace of the call that brought it, and no other", () => {
  const traces = withTrace(
    brought([5_000, 11], 1.5),
    [
      [4_000, 1],
      [5_000, 2],
    ],
    "trace of two",
  );
  expect([0, 1_500, 4_000, 5_000].map((at) => traceOf(traces, at))).toEqual([
    "trace of 0",
    "trace of 1",
    "trace of two",
    "trace of two",
  ]);
  expect(traceOf(withTrace(traces, [[6_000, 3]], undefined), 6_000)).toBeUndefined();
  expect(traceOf(traces, 2_000)).toBeUndefined();
});

it("what the detector has read is not kept", () => {
  expect(brought([1, 2, 3], 60)).toHaveLength(2);
  expect(withTrace(brought([1, 2], 60), [[3_600_000, 3]], undefined)).toEqual([]);
});

it("of many calls the lowest and the highest values keep theirs", () => {
  const values = Array.from({ length: 60 }, (_, n) => (n === 7 ? 5_000 : n === 9 ? -5_000 : 100 + (n % 5)));
  const traces = brought(values, 1);
  expect(traces).toHaveLength(MOST_TRACES);
  expect([7, 9].map((n) => traceOf(traces, n * SECOND))).toEqual(["trace of 7", "trace of 9"]);
});
