import { seededRandom } from "@omoios/kernel/random";
import { type Reading, step } from "./detector.ts";
import { newState } from "./state.ts";

export const MINUTE = 60_000;

/** Gaussian noise of a given width around a level, the same for the same seed. */
export function noise(seed: number, level = 100, width = 1): () => number {
  const random = seededRandom(seed);
  return () => level + width * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Readings of a series, a point a minute. */
export function readingsOf(values: Iterable<number>, state = newState(), from = 0): Reading[] {
  let at = from;
  return Array.from(values, (value) => {
    at += MINUTE;
    return step(state, value, at);
  });
}

/** `count` values by their index. */
export function valuesBy(count: number, value: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => value(index));
}

/** The places and kinds of the anomalies. */
export function anomaliesIn(readings: readonly Reading[]): { index: number; kind: string }[] {
  return readings.flatMap(({ anomaly }, index) => (anomaly === undefined ? [] : [{ index, kind: anomaly.kind }]));
}
