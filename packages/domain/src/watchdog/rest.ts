import type { Instant } from "@omoios/kernel/clock";

const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;
/** After so long without a step the target counts as well. */
const HEALTHY_MS = 600_000;

/** How often a target was worked on since it was last well, and when. */
export interface Toil {
  times: number;
  last_at: Instant;
}

/** How long to leave a target alone after so many steps in a row: 10 s, then twice as long each time, 5 min at most. */
export function backoffAfter(times: number): number {
  return times === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(times - 1, 10));
}

/** The steps that still count. Ten minutes of health begin the count anew. */
export function countedToil(toil: Toil | undefined, now: Instant): Toil | undefined {
  return toil === undefined || now - toil.last_at >= HEALTHY_MS ? undefined : toil;
}

/** One step more. */
export function toiledAgain(toil: Toil | undefined, now: Instant): Toil {
  return { times: (countedToil(toil, now)?.times ?? 0) + 1, last_at: now };
}

/** From when on a target may be worked on for a new cause. */
export function restsUntil(toil: Toil | undefined, cooldown_ms: number, now: Instant): Instant {
  if (toil === undefined) return now;
  const counted = countedToil(toil, now);
  return toil.last_at + Math.max(cooldown_ms, counted === undefined ? 0 : backoffAfter(counted.times));
}
