import { isFault } from "./faults-of.ts";
import type { GameDay } from "./game-day-file.ts";

/**
 * What a game day can be run without, to see that it notices: `deduplication`, so that whatever fires is told at each look at its group;
 * `detector`, so that nothing is strange; `watchdog`, so that nothing is repaired; `rules`, so that neither samples nor events make
 * alerts; `faults`, so that nothing goes wrong, and nobody may be told of anything.
 */
const WITHOUT_PARTS = ["deduplication", "detector", "watchdog", "rules", "faults"] as const;
export type WithoutPart = (typeof WITHOUT_PARTS)[number];

/** The same day, on which nothing is broken, and nothing is there to be acknowledged. */
export const withoutFaults = (day: GameDay): GameDay => ({
  ...day,
  timeline: day.timeline.filter((entry) => !isFault(entry) && entry.do !== "acknowledge"),
});
