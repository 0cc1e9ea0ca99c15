import type { Limits } from "@omoios/contracts/limits";
import type { Commit } from "../commit.ts";
import type { Timers } from "../store.ts";
import type { Switches } from "../switches/service.ts";
import type { KindParts } from "./hands.ts";
import type { Policy } from "./policy.ts";

/** What the verbs of this room work with. */
export interface GuardianParts extends KindParts {
  commit: Commit;
  timers: Timers;
  policies: readonly Policy[];
  switches: Switches;
  notice?: ((message: string, fields: Record<string, unknown>) => void) | undefined;
  limits: Pick<Limits, "guardian_actions_per_minute" | "retention_days">;
}
