import { systemRandom } from "@omoios/kernel/random";
import type { Time } from "../time.ts";

/** Heartbeats of the run's own agents that do not arrive. */
export function heartbeatLoss({ now }: Time) {
  let share = 0;
  let until = 0;
  return {
    begin(given: number, for_ms: number) {
      share = given;
      until = now() + for_ms;
    },
    strikes: () => now() < until && systemRandom() < share,
  };
}
