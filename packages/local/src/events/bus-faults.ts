import { type Random, systemRandom } from "@omoios/kernel/random";

/** What EventBridge and SQS may do to a message at any time: it comes twice, or later than those behind it. */
export const BUS_FAULTS = ["double_events", "reorder_events"] as const;
export type BusFault = (typeof BUS_FAULTS)[number];

/** Seconds by which a message comes late. */
const LATE_SECONDS = { least: 2, most: 20 };

/** What becomes of a message between the bus and a queue: when it comes, once for each of its comings. */
export interface BusFaults {
  /** From now on, for so long, in that share of cases. */
  begin(fault: BusFault, share: number, for_ms: number): void;
  /** Seconds until it comes; twice where it is doubled. */
  delaysOf(): number[];
}

export function busFaults(now: () => number = Date.now, random: Random = systemRandom): BusFaults {
  const faults = new Map<BusFault, { share: number; until: number }>();
  const strikes = (fault: BusFault): boolean => {
    const { share = 0, until = 0 } = faults.get(fault) ?? {};
    return now() < until && random() < share;
  };
  const lateness = () => LATE_SECONDS.least + Math.floor(random() * (LATE_SECONDS.most - LATE_SECONDS.least + 1));
  return {
    begin: (fault, share, for_ms) => void faults.set(fault, { share, until: now() + for_ms }),
    delaysOf() {
      const delay = strikes("reorder_events") ? lateness() : 0;
      return strikes("double_events") ? [delay, 0] : [delay];
    },
  };
}
