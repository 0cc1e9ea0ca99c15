import { durationMs } from "@omoios/contracts/shapes/duration";
import type { ActName, Entry } from "./game-day-shape.ts";

/** What is done to run the plane, and breaks nothing. */
const ORDINARY: ReadonlySet<ActName> = new Set<ActName>(["start_agents", "stop_agents", "acknowledge"]);

export const isFault = (entry: Entry): boolean => !ORDINARY.has(entry.do);

export const beginsAt = (entry: Entry): number => durationMs(entry.at);

/** When what was begun has ended, in milliseconds from the begin of the run. */
export const endsAt = (entry: Entry): number =>
  beginsAt(entry) + ("for" in entry && entry.for !== undefined ? durationMs(entry.for) : 0);

export interface FaultSpan {
  first_ms: number;
  last_ms: number;
}

/** When the first fault and the last one come; `undefined` where nothing is broken. */
export function faultSpan(timeline: readonly Entry[]): FaultSpan | undefined {
  const begins = timeline.filter(isFault).map(beginsAt);
  return begins.length === 0 ? undefined : { first_ms: Math.min(...begins), last_ms: Math.max(...begins) };
}
