import * as z from "zod";

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS_MS;

/** A span of time as rules and routes write it: `90s`, `5m`, `1h30m`, `1d`. */
export const duration = z
  .string("must be a duration with its unit: 90s, 5m, 4h or 1d")
  .regex(/^(\d{1,6}[smhd]){1,4}$/, "must be whole numbers with s, m, h or d behind them: 90s, 5m, 1h30m or 1d");

/** The milliseconds of a `duration`. */
export function durationMs(text: string): number {
  const parts = text.match(/\d+[smhd]/g) ?? [];
  return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * UNITS_MS[part.slice(-1) as Unit], 0);
}
