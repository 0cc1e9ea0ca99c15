import type { Instant } from "@omoios/kernel/clock";

const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;
/** A target that was seen well again so long ago, and needed no step since, begins anew. */
const HEALTHY_MS = 600_000;

/** How often a target was worked on since it was last well for long, and when. */
export interface Toil {
  times: number;
  last_at: Instant;
  /** When it was seen well again after that. */
  well_at?: Instant | undefined;
}

/** How long to leave a target alone after so many steps in a row: 10 s, then twice as long each time, 5 min at most. */
export function backoffAfter(times: number): number {
  return times === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(times - 1, 10));
}

/** The steps that still count. Ten minutes of health begin the count anew, and none of those in which nobody saw it well. */
export function countedToil(toil: Toil | undefined, now: Instant): Toil | undefined {
  return toil?.well_at !== undefined && now - toil.well_at >= HEALTHY_MS ? undefined : toil;
}

/** One step more. */
export function toiledAgain(toil: Toil | undefined, now: Instant): Toil {
  return { times: (countedToil(toil, now)?.times ?? 0) + 1, last_at: now };
}

/** The target was seen well again. */
export const wellAgain = (toil: Toil, now: Instant): Toil => ({ ...toil, well_at: now });

/** From when on a target may be worked on for a new cause. */
export function restsUntil(toil: Toil | undefined, cooldown_ms: number, now: Instant): Instant {
  if (toil === undefined) return now;
  const counted = countedToil(toil, now);
  return toil.last_at + Math.max(cooldown_ms, counted === undefined ? 0 : backoffAfter(counted.times));
}
