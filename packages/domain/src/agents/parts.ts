import type { Limits } from "@omoios/contracts/limits";
import type { Commit } from "../commit.ts";
import type { Counters, PulseStore, Store } from "../store.ts";
import type { AgentWork, KeyPairs } from "./model.ts";

/** What the verbs of the agents room work with. */
export interface AgentParts {
  store: Store;
  commit: Commit;
  pulse: PulseStore;
  counters: Counters;
  key_pairs: KeyPairs;
  work: AgentWork;
  /** Phases of all workflows. */
  known_phases: ReadonlySet<string>;
  /** Names this plane to its agents, who name it in each assertion. */
  audience: string;
  limits: Pick<Limits, "agents" | "first_heartbeat_seconds" | "old_key_seconds" | "retention_days">;
}
