import type { Clock } from "@omoios/kernel/clock";

/** How often the caches of a process were asked in a minute, and how often that needed no request. */
export interface CacheMinute {
  reads: number;
  hits: number;
}

/** Notes that a cache was asked, and whether it knew. */
export type NoteRead = (hit: boolean) => void;

const MINUTE_MS = 60_000;
/** One a second: caches that keep for some seconds help nobody who asks less often, and their share then says nothing. */
const LEAST_READS = 60;

/** Counts the reads of a process's caches. A minute is told with the first read after it, and one of few reads is not. */
export function cacheCounts(clock: Clock, tell: (minute: CacheMinute) => void): NoteRead {
  let since = clock.now();
  let minute: CacheMinute = { reads: 0, hits: 0 };
  return (hit) => {
    const now = clock.now();
    if (now - since >= MINUTE_MS) {
      if (minute.reads >= LEAST_READS) tell(minute);
      [since, minute] = [now, { reads: 0, hits: 0 }];
    }
    minute.reads++;
    if (hit) minute.hits++;
  };
}

/** For caches whose reads nobody counts. */
export const UNCOUNTED: NoteRead = () => undefined;
