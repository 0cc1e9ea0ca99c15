import type { Instant } from "@omoios/kernel/clock";
import type { Pace, Reading, RuleState } from "./rule-state.ts";

/** A sweep that comes this much later than it should is late and no gap. */
const LATE = 1.5;

/**
 * How much of the time since the last evaluation was observed. All of it while the sweep runs; in a gap of the sweep nothing but the
 * interval of the evaluation that ends it.
 */
export function countedTime(state: RuleState, reading: Reading, now: Instant, { interval_ms }: Pace): number {
  const elapsed = now - state.evaluated_at;
  const swept = state.minute_at ?? state.evaluated_at;
  if (now - swept <= LATE * interval_ms) return elapsed;
  if (reading.kind === "minute") return Math.min(elapsed, interval_ms);
  return Math.max(0, swept + interval_ms - state.evaluated_at);
}
