import type { Clock } from "@omoios/kernel/clock";

/** The time that a game day is played in: virtual, or the machine's. */
export interface Time extends Clock {
  /** Waits. Throws `BrokenOff` where that time does not come any more. */
  sleep(ms: number): Promise<void>;
}

/** The run was broken off, or is over. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";
}
