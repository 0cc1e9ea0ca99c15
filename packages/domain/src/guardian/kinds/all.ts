import type { GuardianAction } from "@omoios/contracts/shapes/guardian";
import type { Kind } from "../hands.ts";
import { quarantine, reallocateCapacity, release } from "./agents.ts";
import { pauseLane, resumeLane } from "./lanes.ts";
import { cancelTask, overridePriority } from "./tasks.ts";

/** Every action of the guardian. */
export const kinds: Readonly<Record<GuardianAction, Kind>> = {
  cancel_task: cancelTask,
  override_priority: overridePriority,
  reallocate_capacity: reallocateCapacity,
  quarantine,
  release,
  pause_lane: pauseLane,
  resume_lane: resumeLane,
};
