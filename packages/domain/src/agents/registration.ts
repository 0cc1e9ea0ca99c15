import type { Instant } from "@omoios/kernel/clock";
import type { AgentId } from "@omoios/kernel/ids";
import { accepted, type Outcome, refused } from "@omoios/kernel/outcome";
import type { Change } from "../commit.ts";
import type { AgentKeyRow, AgentProfileRow, AgentRow } from "./model.ts";
import type { Registration } from "./pre-validation.ts";

type Step = AgentProfileRow["steps"][number];

/** What is known of an agent before its rows are made. */
interface Newcomer {
  agent_id: AgentId;
  agent_name: string;
  class_id: string;
  key_id: string;
  public_x: string;
  /** The steps done so far. */
  steps: readonly Step[];
  registered_by: string;
}

/** The rows of a new agent, SPAWNING until its first heartbeat; without that it is due to end. */
export function newAgent(
  newcomer: Newcomer,
  wanted: Registration,
  { now, first_heartbeat_seconds }: { now: Instant; first_heartbeat_seconds: number },
): { agent: AgentRow; profile: AgentProfileRow } {
  const { agent_id, steps, registered_by, ...identity } = newcomer;
  const first_heartbeat_by = now + first_heartbeat_seconds * 1000;
  const agent: AgentRow = {
    version: 0,
    agent_id,
    ...identity,
    agent_type: wanted.agent_type,
    status: "SPAWNING",
    epoch: 1,
    capacity: wanted.capacity ?? 1,
    slots: {},
    failed: {},
    key_at: now,
    due_at: first_heartbeat_by,
  };
  const profile: AgentProfileRow = {
    version: 0,
    agent_id,
    phase_ids: wanted.phase_ids,
    capabilities: wanted.capabilities,
    agent_version: wanted.version,
    config: wanted.config,
    tags: wanted.tags ?? [],
    owner: wanted.owner,
    replaces: wanted.replaces,
    push_url: wanted.delivery?.mode === "push" ? wanted.delivery.url : undefined,
    steps: [
      ...steps,
      { step: "registry_entry", outcome: "done", at: now },
      { step: "subscription", outcome: "done", at: now },
    ],
    first_heartbeat_by,
    registered_at: now,
    updated_at: now,
    registered_by,
  };
  return { agent, profile };
}

const PHASE_CHANNEL = "phase:";

/** What is sent to these channels is for the agent: each of its phases, what is for all, and the word to stop. */
export function channelsOf({ phase_ids }: Pick<AgentProfileRow, "phase_ids">): string[] {
  return [...phase_ids.map((phase_id) => `${PHASE_CHANNEL}${phase_id}`), "broadcast", "shutdown"];
}

/** The phase that a channel is of; the others are for every agent. */
export function phaseOf(channel: string): string | undefined {
  return channel.startsWith(PHASE_CHANNEL) ? channel.slice(PHASE_CHANNEL.length) : undefined;
}

/** The row that says who holds the key: new, or taken over from a holder that has ended. */
export function takeKey(before: AgentKeyRow | undefined, taken: Omit<AgentKeyRow, "version">): Change {
  return before === undefined
    ? { kind: "agent_key", after: { version: 0, ...taken } }
    : { kind: "agent_key", before, after: { ...before, ...taken } };
}

/** The first heartbeat of a SPAWNING agent completes its registration, unless it comes too late: a timer ends that one. */
export function start(agent: AgentRow, profile: AgentProfileRow, now: Instant): Outcome<Change[]> {
  if (now > profile.first_heartbeat_by) {
    return refused("agent.ended", { detail: "The first heartbeat came too late.", extra: { action: "register" } });
  }
  const after: AgentRow = { ...agent, status: "IDLE", why: "first heartbeat", due_at: undefined };
  return accepted([
    {
      kind: "agent",
      before: agent,
      after,
      events: [
        { type: "agent.registered" },
        { type: "agent.status_changed", data: { from: agent.status, to: after.status } },
      ],
    },
    { kind: "agent_profile", before: profile, after: withStep(profile, "done", now) },
  ]);
}

/** The profile with the first heartbeat come, or not come. */
export function withStep(profile: AgentProfileRow, outcome: Step["outcome"], now: Instant): AgentProfileRow {
  const steps = [...profile.steps, { step: "first_heartbeat" as const, outcome, at: now }];
  return { ...profile, steps, updated_at: now };
}
