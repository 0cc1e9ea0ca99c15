import type { Instant } from "@omoios/kernel/clock";

type Totals = readonly [at: Instant, total: number][];

const WINDOW_MS = 300_000;
/** Totals closer than this are one: a counter that is sampled each second needs no three hundred. */
const APART_MS = 30_000;

/** The totals with a new one, without those that no window reaches any more. */
export function withTotal(totals: Totals, at: Instant, total: number): Totals {
  const crowded = totals.length > 1 && at - (totals.at(-2)?.[0] ?? at) < APART_MS;
  const all: Totals = [...(crowded ? totals.slice(0, -1) : totals), [at, total]];
  const begin = all.findLastIndex(([moment]) => moment <= at - WINDOW_MS);
  return all.slice(Math.max(0, begin));
}

/**
 * How far a counter rose in the five minutes before `now`. A total that falls began again from zero. The first total of a series is no
 * increase: what it counted before is not known.
 */
export function increase(totals: Totals, now: Instant): number {
  const begin = Math.max(
    0,
    totals.findLastIndex(([at]) => at <= now - WINDOW_MS),
  );
  let rise = 0;
  for (let index = begin + 1; index < totals.length; index += 1) {
    const [last, next] = [totals[index - 1]?.[1] ?? 0, totals[index]?.[1] ?? 0];
    rise += next >= last ? next - last : next;
  }
  return rise;
}
