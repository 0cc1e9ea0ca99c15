import type { Random } from "./random.ts";

export interface Backoff {
  base_ms: number;
  cap_ms: number;
  /** Share by which the delay may differ from its middle, both ways: 0.25 gives 0.75 to 1.25. */
  jitter: number;
}

/** min(base × 2^n × jitter, cap), where n counts the tries already made. */
export function backoffMs({ base_ms, cap_ms, jitter }: Backoff, triesMade: number, random: Random): number {
  const factor = 1 - jitter + 2 * jitter * random();
  return Math.round(Math.min(base_ms * 2 ** Math.min(triesMade, 30) * factor, cap_ms));
}
