import type { Limits } from "@omoios/contracts/limits";
import type { Commit } from "../commit.ts";
import type { Counters, LadderStore, PulseStore, Store, Timers } from "../store.ts";
import type { BeatLimits } from "./misses.ts";
import type { AgentWork, KeyPairs } from "./model.ts";

/** What the verbs of the agents room work with. */
export interface AgentParts {
  store: Store;
  commit: Commit;
  pulse: PulseStore;
  ladder: LadderStore;
  timers: Timers;
  counters: Counters;
  key_pairs: KeyPairs;
  work: AgentWork;
  /** Phases of all workflows. */
  known_phases: ReadonlySet<string>;
  /** Names this plane to its agents, who name it in each assertion. */
  audience: string;
  limits: BeatLimits & Pick<Limits, "agents" | "beats_without_task" | "first_heartbeat_seconds" | "retention_days">;
}
