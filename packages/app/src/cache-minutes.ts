import { type CacheMinute, cacheCounts, type NoteRead } from "@omoios/domain/cache-counts";
import { embeddedLines } from "@omoios/domain/monitor/figures/embedded";
import type { Ground } from "./ground.ts";

export interface CacheMinutes {
  note_read: NoteRead;
  /** The newest minute, once. */
  take(): CacheMinute | undefined;
}

/**
 * What the caches of this process are worth, by minutes: to CloudWatch where there is one, which adds up the processes; else for the
 * sweep, as on one machine all functions are one process.
 */
export function cacheMinutes({
  clock,
  stage,
  figure_line,
}: Pick<Ground, "clock" | "stage" | "figure_line">): CacheMinutes {
  let newest: CacheMinute | undefined;
  const tell = (minute: CacheMinute) => {
    if (figure_line === undefined) newest = minute;
    else for (const line of embeddedLines(figuresOf(minute), stage, clock.now())) figure_line(line);
  };
  return {
    note_read: cacheCounts(clock, tell),
    take() {
      const minute = newest;
      newest = undefined;
      return minute;
    },
  };
}

const figuresOf = ({ reads, hits }: CacheMinute) =>
  [
    { dimension: "stage", of: "", name: "cache_reads_total", value: reads, total: true },
    { dimension: "stage", of: "", name: "cache_hits_total", value: hits, total: true },
  ] as const;
