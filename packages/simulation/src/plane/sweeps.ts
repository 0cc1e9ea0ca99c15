import type { Instant } from "@omoios/kernel/clock";
import type { World } from "../world.ts";
import { isOfTheWire } from "./functions.ts";

const MINUTE_MS = 60_000;

/** Lets the sweep begin now and not before the simulation, with a first one: from then on beats are seen. */
export const beginSweeping = ({ fleet, time }: World) =>
  fleet.invoke("sweep", async ({ rooms, work }) => {
    await rooms.positions.save("sweep", Math.floor(time.now() / MINUTE_MS));
    await work.sweep();
  });

export interface Sweeps {
  /** When the last one began that went through: what was due by then has been looked after. */
  readonly until: Instant;
}

/**
 * Sweeps each virtual minute, for the first time after `first_ms`.
 * @param isPaused whether the schedule is broken just now
 */
export function startSweeps({ time, fleet, errors }: World, first_ms = MINUTE_MS, isPaused = () => false): Sweeps {
  let until = time.now();
  void (async () => {
    for (let wait_ms = first_ms; ; wait_ms = MINUTE_MS) {
      await time.sleep(wait_ms);
      if (isPaused()) continue;
      const began = time.now();
      const ending = await fleet.invoke("sweep", ({ work, inScope }) =>
        inScope("sweep", undefined, () => work.sweep()),
      );
      if (ending.ended === "returned") until = began;
      if (ending.ended === "threw" && !isOfTheWire(ending.error)) errors.push(`sweep: ${String(ending.error)}`);
    }
  })();
  return {
    get until() {
      return until;
    },
  };
}
