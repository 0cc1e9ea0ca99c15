import type { Limits } from "@omoios/contracts/limits";
import type { Agents } from "../agents/service.ts";
import type { Alerting } from "../alerting/service.ts";
import type { Commit } from "../commit.ts";
import type { PulseStore, Store, Timers } from "../store.ts";
import type { Switches } from "../switches/service.ts";
import type { Beats } from "./beats.ts";
import type { Policy } from "./policy.ts";
import type { PolicyConfig } from "./policy-config.ts";

/** What the verbs of this room work with. */
export interface WatchdogParts {
  store: Store;
  commit: Commit;
  timers: Timers;
  pulse: Pick<PulseStore, "get" | "living">;
  beats: Beats;
  /** What it does to agents: their own verbs. */
  agents: Pick<Agents, "restart" | "isolate" | "recycle" | "requeue" | "failOver" | "lineStart">;
  alerting: Pick<Alerting, "hear">;
  switches: Switches;
  policies: readonly Policy[];
  /** Of the workflows. */
  known_phases: ReadonlySet<string>;
  limits: Pick<Limits, "retention_days" | "sweep_late_seconds">;
}

/** The same with the policies as they were written. */
export interface WatchdogGround extends Omit<WatchdogParts, "policies"> {
  policies: readonly PolicyConfig[];
}
