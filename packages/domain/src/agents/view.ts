import type { RouteReply } from "@omoios/contracts/routes";
import { timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import { heldTasks } from "./acting.ts";
import type { AgentProfileRow, AgentRow, PulseRow } from "./model.ts";
import { shownStatus } from "./status.ts";

/** An agent as the API shows it. */
export function agentView(
  agent: AgentRow,
  profile: AgentProfileRow,
  pulse: PulseRow | undefined,
): RouteReply<"deleteAgent"> {
  return {
    agent_id: agent.agent_id,
    agent_name: agent.agent_name,
    agent_type: agent.agent_type,
    status: shownStatus(agent),
    phase_ids: profile.phase_ids,
    capabilities: profile.capabilities,
    capacity: agent.capacity,
    version: profile.agent_version,
    tags: profile.tags,
    owner: profile.owner ?? null,
    replaces: profile.replaces ?? null,
    delivery: { mode: profile.push_url === undefined ? "pull" : "push", url: profile.push_url ?? null },
    leaving:
      agent.leaving === undefined
        ? null
        : { how: agent.leaving.how, until: toRfc3339(agent.leaving.until), why: agent.leaving.why },
    key_id: agent.key_id,
    current_task_ids: heldTasks(agent),
    last_heartbeat_at: lastBeatOf(agent, pulse),
    registered_at: toRfc3339(profile.registered_at),
    updated_at: toRfc3339(profile.updated_at),
    row_version: agent.version,
  };
}

/** When the agent last beat. Of one that has failed its row tells, since it has no pulse any more. */
export function lastBeatOf({ silence }: AgentRow, pulse: PulseRow | undefined): string | null {
  const at = pulse === undefined ? silence?.since : pulse.sequence > 0 ? pulse.beat_at : undefined;
  return timeOrNull(at);
}

/** The steps of a registration as the API shows them. */
export function stepsView(steps: AgentProfileRow["steps"]): RouteReply<"getAgentRegistration">["steps"] {
  return steps.map(({ step, outcome, at }) => ({ step, outcome, at: toRfc3339(at) }));
}
