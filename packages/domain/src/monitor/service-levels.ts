import type { Instant } from "@omoios/kernel/clock";

/** What was as it should be, and all there was, in one hour of the clock: agents that were active, tasks that completed. */
export interface Hour {
  /** Hours since 1970. */
  hour: number;
  good: number;
  all: number;
}

export interface ServiceLevel {
  /** Absent when there was nothing to be good. */
  ratio?: number;
  target: number;
  met: boolean;
}

/** The ratios that are promised. */
export const TARGETS = { agent_availability_ratio: 0.99, task_success_ratio: 0.95 } as const;

const HOUR_MS = 3_600_000;
const HOURS_OF_DAY = 24;

/** Adds what was counted at a moment to its hour. Of a day, and no more, the hours are kept; what is older is not added. */
export function countHour(hours: readonly Hour[], at: Instant, { good, all }: { good: number; all: number }): Hour[] {
  const hour = Math.floor(at / HOUR_MS);
  const newest = Math.max(hour, ...hours.map((known) => known.hour));
  const before = hours.find((known) => known.hour === hour) ?? { hour, good: 0, all: 0 };
  const counted = { hour, good: before.good + good, all: before.all + all };
  return [...hours.filter((known) => known.hour !== hour), counted]
    .filter((known) => known.hour > newest - HOURS_OF_DAY)
    .sort((a, b) => a.hour - b.hour);
}

/** The ratio of the hour of the clock that runs, or of it and the 23 before it, held to its target. */
export function serviceLevel(
  hours: readonly Hour[],
  now: Instant,
  { over, of }: { over: "hour" | "day"; of: keyof typeof TARGETS },
): ServiceLevel {
  const last = Math.floor(now / HOUR_MS);
  const first = over === "hour" ? last : last - HOURS_OF_DAY + 1;
  const counted = hours.filter(({ hour }) => hour >= first && hour <= last);
  const good = counted.reduce((sum, hour) => sum + hour.good, 0);
  const all = counted.reduce((sum, hour) => sum + hour.all, 0);
  const target = TARGETS[of];
  return all === 0 ? { target, met: true } : { ratio: good / all, target, met: good / all >= target };
}
