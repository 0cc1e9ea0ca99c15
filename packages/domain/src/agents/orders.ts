import type { Limits } from "@omoios/contracts/limits";
import type { RouteReply } from "@omoios/contracts/routes";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentRow } from "./model.ts";

const DAY_MS = 86_400_000;

/** What an agent should do, as its beat is answered: of several orders the most urgent one, since each comes again until it is obeyed. */
export function orderFor(
  agent: Pick<AgentRow, "leaving" | "rotate_asked_at" | "key_at">,
  stop_tasks: readonly string[],
  now: Instant,
  limits: Pick<Limits, "agents">,
): RouteReply<"heartbeat">["action"] {
  if (agent.leaving !== undefined) return "shutdown";
  if (stop_tasks.length > 0) return "stop";
  const old = agent.key_at !== undefined && now - agent.key_at > limits.agents.key_max_age_days * DAY_MS;
  return old || agent.rotate_asked_at !== undefined ? "rotate_key" : "continue";
}
