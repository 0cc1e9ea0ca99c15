import type { Limits } from "@omoios/contracts/limits";
import type { Commit, RequestContext } from "../commit.ts";
import type { EventLog } from "../event-log.ts";
import type { Counters, LadderStore, PulseStore, Store, Timers } from "../store.ts";
import type { BeatLimits } from "./misses.ts";
import type { AgentWork, KeyPairs } from "./model.ts";
import type { RestartLimits } from "./restart.ts";
import type { Sockets } from "./sockets.ts";
import type { TellParts } from "./tell.ts";
import type { WebhookRules } from "./webhooks.ts";

/** Whether the stage has messages that some agent may not have acknowledged. Claims ask it; it may be a moment old. */
interface MailFlag {
  /** For as long as an agent may promise to be silent. */
  raise(ctx: RequestContext): Promise<void>;
  isUp(): Promise<boolean>;
}

/** What the verbs of the agents room work with. */
export interface AgentParts {
  store: Store;
  commit: Commit;
  pulse: PulseStore;
  ladder: LadderStore;
  log: EventLog;
  timers: Timers;
  counters: Counters;
  key_pairs: KeyPairs;
  work: AgentWork;
  mail_flag: MailFlag;
  /** Phases of all workflows. */
  known_phases: ReadonlySet<string>;
  webhooks: WebhookRules;
  sockets: Pick<Sockets, "held" | "close">;
  post: TellParts["post"];
  notice?: TellParts["notice"];
  /** Names this plane to its agents, who name it in each assertion. */
  audience: string;
  /** Where agents open their wake socket; null where the stage has none. */
  wake_url: () => string | null;
  limits: BeatLimits &
    RestartLimits &
    Pick<
      Limits,
      | "agent_messages"
      | "agents"
      | "assignment_seconds"
      | "beats_without_task"
      | "first_heartbeat_seconds"
      | "leave_seconds"
      | "old_key_seconds"
      | "restart_grace_seconds"
      | "retention_days"
      | "stopped_tasks_remembered"
      | "stopped_tasks_seconds"
    >;
}
