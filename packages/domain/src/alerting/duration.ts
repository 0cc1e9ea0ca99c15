import * as z from "zod";

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(?:\d+(?:ms|[smhd]))+$/;

/** A length of time as configuration writes it: `30s`, `5m`, `4h`, `1d`, `1h30m`. */
export const duration = z.string().regex(DURATION, "must be a duration such as 30s, 5m, 4h or 1d");

/** Milliseconds of a text that `duration` took. */
export function durationMs(text: string): number {
  let sum = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+)(ms|[smhd])/g)) {
    sum += Number(amount) * (UNITS_MS[unit] ?? Number.NaN);
  }
  return sum;
}
