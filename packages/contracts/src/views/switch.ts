import * as z from "zod";
import { time } from "../shapes/common.ts";

/** Who took something out of force, since when and why. */
export const switchedOff = z.object({ by: z.string(), since: time, reason: z.string() });

/** What of a room's policies people have taken out of force. */
export const switches = z.object({
  /** All of them. */
  paused: switchedOff.nullable(),
  policies: z.array(switchedOff.extend({ policy: z.string() })),
});
