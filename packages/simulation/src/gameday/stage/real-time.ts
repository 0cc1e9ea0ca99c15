import { systemClock } from "@omoios/kernel/clock";
import { wait } from "@omoios/sdk/wait";
import { BrokenOff, type Time } from "../time.ts";

/** The machine's time. Its waits end when one of the signals is raised. */
export function realTime(...signals: AbortSignal[]): Time {
  const over = AbortSignal.any(signals);
  return {
    now: systemClock.now,
    async sleep(ms) {
      try {
        await wait(Math.max(0, ms), over);
      } catch {
        throw new BrokenOff();
      }
    },
  };
}
