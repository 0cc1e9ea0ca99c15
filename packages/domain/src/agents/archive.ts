import type { Instant } from "@omoios/kernel/clock";
import type { ArchiveRow } from "./life-rows.ts";
import type { AgentProfileRow, AgentRow } from "./model.ts";
import { total } from "./record.ts";

/** The lifetime figures of an agent that ends now. `restarts_before` are those of the agents that it replaced. */
export function archiveOf(
  agent: AgentRow,
  { steps }: Pick<AgentProfileRow, "steps">,
  { now, why, ttl, restarts_before }: { now: Instant; why: string; ttl: number; restarts_before: number },
): ArchiveRow {
  const begun = steps.find(({ step, outcome }) => step === "first_heartbeat" && outcome === "done")?.at;
  return {
    version: 0,
    agent_id: agent.agent_id,
    ended_at: now,
    why,
    ...total(agent),
    restarts: restarts_before + (agent.restarted_at === undefined ? 0 : 1),
    uptime_ms: begun === undefined ? 0 : now - begun,
    ttl,
  };
}
