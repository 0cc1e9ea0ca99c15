import type { Instant } from "@omoios/kernel/clock";
import type { Point, Trace } from "./model.ts";

/** The detector looks each minute, and a sweep may be late: older traces have been read. */
const UNREAD_MS = 90_000;
/** Calls between two sweeps whose traces are kept. */
export const MOST_TRACES = 8;

/**
 * The traces of a series with that of the call which brought these points. Of more calls than are kept, those with the lowest and the
 * highest values are: what is strange is among them.
 * @param points newer than all before, oldest first
 */
export function withTrace(
  traces: readonly Trace[],
  points: readonly Point[],
  traceparent: string | undefined,
): readonly Trace[] {
  const [from] = points[0] ?? [];
  const [until] = points.at(-1) ?? [];
  if (from === undefined || until === undefined) return traces;
  const unread = traces.filter(([, last]) => last > until - UNREAD_MS);
  if (traceparent === undefined) return unread;
  const all = [...unread, [from, until, Math.max(...points.map(([, value]) => value)), traceparent] as const];
  if (all.length <= MOST_TRACES) return all;
  const usual = [...all].sort(([, , a], [, , b]) => a - b)[Math.floor(all.length / 2)];
  return all.filter((trace) => trace !== usual);
}

/** The trace of the call that brought the point of a moment, where it is known. */
export const traceOf = (traces: readonly Trace[] = [], at: Instant): string | undefined =>
  traces.find(([from, until]) => from <= at && at <= until)?.[3];
