import type { Instant } from "@omoios/kernel/clock";
import type { Versioned } from "../versioned.ts";

/** Rooms whose policies can be taken out of force. */
export type SwitchedRoom = "watchdog" | "guardian";

/** Who took something out of force, since when and why. */
export interface Off {
  by: string;
  since: Instant;
  reason: string;
}

/** What of a room's policies people have taken out of force. As many as the room has policies. */
export interface SwitchesRow extends Versioned {
  room: SwitchedRoom;
  /** All of them. */
  paused?: Off | undefined;
  policies: Readonly<Record<string, Off>>;
  /** What was switched last, and why: the event takes them from here. */
  policy?: string | undefined;
  reason: string;
}
