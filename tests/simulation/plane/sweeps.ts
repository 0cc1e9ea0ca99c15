import type { Instant } from "@omoios/kernel/clock";
import type { World } from "../world.ts";
import { isOfTheWire } from "./functions.ts";

const MINUTE_MS = 60_000;

/** Lets the sweep begin now and not before the simulation. */
export const beginSweeping = ({ fleet, time }: World) =>
  fleet.invoke("sweep", ({ rooms }) => rooms.positions.save("sweep", Math.floor(time.now() / MINUTE_MS)));

export interface Sweeps {
  /** When the last one began that went through: what was due by then has been looked after. */
  readonly until: Instant;
}

/** Sweeps each virtual minute. */
export function startSweeps({ time, fleet, errors }: World): Sweeps {
  let until = time.now();
  void (async () => {
    for (;;) {
      await time.sleep(MINUTE_MS);
      const began = time.now();
      const ending = await fleet.invoke("sweep", ({ work }) => work.sweep());
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
