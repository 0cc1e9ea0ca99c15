import type { Instant } from "@omoios/kernel/clock";
import { accepted, expectAccepted, type Outcome } from "@omoios/kernel/outcome";
import type { Change, EventDraft } from "../commit.ts";
import { expiryInDays } from "../expiry.ts";
import { archiveOf } from "./archive.ts";
import { type AgentKeyRow, type AgentProfileRow, type AgentRow, agentEnded, type StoredAgentStatus } from "./model.ts";
import { withStep } from "./registration.ts";
import { changeStatus } from "./status.ts";

/** An agent with the rows that end with it. */
export interface WholeAgent {
  agent: AgentRow;
  profile: AgentProfileRow;
  /** The row of its key, if it still holds it. */
  key: AgentKeyRow | undefined;
}

interface EndingPolicy {
  now: Instant;
  /** Restarts of the agents that this one replaced. */
  restarts_before: number;
  /** For how long an agent that has ended is shown. */
  retention_days: number;
}

/** Ends an agent: its key is free, and every token and assertion of it is void. What its slots hold is given back before. */
export function terminate(whole: WholeAgent, why: string, policy: EndingPolicy): Outcome<Change[]> {
  const { agent, profile } = whole;
  if (agent.status === "TERMINATED") return { accepted: false, problem: agentEnded(agent) };
  return accepted(ending(whole, { ...profile, updated_at: policy.now }, why, policy));
}

/** Ends a registration whose first heartbeat did not come. Nothing to do for an agent that has moved on, or that may still beat. */
export function lapse(whole: WholeAgent, policy: EndingPolicy): Change[] {
  const { agent, profile } = whole;
  if (agent.status !== "SPAWNING" || (agent.due_at ?? 0) > policy.now) return [];
  const failed = withStep(profile, "failed", policy.now);
  return ending(whole, failed, "no first heartbeat", policy, [{ type: "agent.registration_failed" }]);
}

function ending(
  { agent, profile, key }: WholeAgent,
  profileAfter: AgentProfileRow,
  why: string,
  { now, retention_days, restarts_before }: EndingPolicy,
  events: readonly EventDraft[] = [],
): Change[] {
  const ttl = expiryInDays(now, retention_days);
  const changed = expectAccepted(changeStatus(agent, { to: "TERMINATED", why }));
  const after: AgentRow = {
    ...changed.after,
    epoch: agent.epoch + 1,
    slots: {},
    due_at: undefined,
    leaving: undefined,
    ttl,
  };
  return [
    { kind: "agent", before: agent, after, events: [...events, changed.event] },
    { kind: "agent_profile", before: profile, after: { ...profileAfter, ttl }, events: asksForReplacement(agent) },
    { kind: "agent_archive", after: archiveOf(agent, profile, { now, why, ttl, restarts_before }) },
    ...(key === undefined ? [] : [{ kind: "agent_key" as const, before: key }]),
  ];
}

/** An agent that ends by a restart is to be replaced. The event rides with the profile, which holds what the replacement must be able to do. */
function asksForReplacement(agent: AgentRow): EventDraft[] {
  return agent.leaving?.how === "restart" ? [replacementFor(agent, "TERMINATED")] : [];
}

/** Asks for an agent in the place of this one. It rides with the profile. */
export function replacementFor({ agent_name, agent_type }: AgentRow, status: StoredAgentStatus): EventDraft {
  return { type: "agent.replacement_requested", data: { agent_name, agent_type, status } };
}
