import type { World } from "../world.ts";
import { isOfTheWire } from "./functions.ts";

const MINUTE_MS = 60_000;

/** Lets the sweep begin now and not before the simulation. */
export const beginSweeping = ({ fleet, time }: World) =>
  fleet.invoke("sweep", ({ rooms }) => rooms.positions.save("sweep", Math.floor(time.now() / MINUTE_MS)));

/** Sweeps each virtual minute. */
export function startSweeps({ time, fleet, errors }: World): void {
  void (async () => {
    for (;;) {
      await time.sleep(MINUTE_MS);
      const ending = await fleet.invoke("sweep", ({ work }) => work.sweep());
      if (ending.ended === "threw" && !isOfTheWire(ending.error)) errors.push(`sweep: ${String(ending.error)}`);
    }
  })();
}
