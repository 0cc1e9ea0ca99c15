import type { AgentStatus, AgentType } from "@omoios/contracts/shapes/agent";
import type { Instant } from "@omoios/kernel/clock";
import type { Context } from "@omoios/kernel/context";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { machine } from "@omoios/kernel/machine";
import { Problem } from "@omoios/kernel/problem";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";

/** RUNNING follows from the slots and is not stored. */
export type StoredAgentStatus = Exclude<AgentStatus, "RUNNING">;

/** A task that the agent holds, or is about to take. It counts only while the task is leased to this agent under this fence. */
export interface Slot {
  task_id: TaskId;
  fence: number;
  /** Hash of the claim's idempotency key, if it had one. */
  key?: string | undefined;
  at: Instant;
}

/** What a claim reads and changes of an agent. */
export interface AgentRow extends Versioned, MaybeDue, MaybeExpiring {
  agent_id: AgentId;
  agent_name: string;
  agent_type: AgentType;
  status: StoredAgentStatus;
  /** Why it has this status; `agent.status_changed` takes it from here. */
  why?: string | undefined;
  class_id: string;
  /** RFC 7638 thumbprint of its key. */
  key_id: string;
  /** The `x` of its Ed25519 public key. */
  public_x: string;
  /** The key before this one, which is good until then. */
  old_key?: { key_id: string; public_x: string; until: Instant } | undefined;
  /** Its key was revoked then: it can only register again. */
  key_revoked_at?: Instant | undefined;
  /** Tokens of an earlier epoch are void. */
  epoch: number;
  capacity: number;
  slots: Record<string, Slot>;
  /** Tasks that it failed lately, and when: at most eight. */
  failed: Record<string, Instant>;
}

/** What an agent said of itself. */
export interface AgentProfileRow extends Versioned, MaybeExpiring {
  agent_id: AgentId;
  phase_ids: string[];
  capabilities: string[];
  agent_version: string;
  config?: Record<string, unknown> | undefined;
  tags: string[];
  owner?: string | undefined;
  replaces?: AgentId | undefined;
  steps: {
    step: "pre_validation" | "identity" | "registry_entry" | "subscription" | "first_heartbeat";
    outcome: "done" | "failed";
    at: Instant;
  }[];
  first_heartbeat_by: Instant;
  registered_at: Instant;
  updated_at: Instant;
  registered_by: string;
}

/** Which living agent holds a key. */
export interface AgentKeyRow extends Versioned, MaybeExpiring {
  key_id: string;
  agent_id: AgentId;
  /** Absent in rows that were made before it was kept. */
  created_at?: Instant | undefined;
  /** Since then, replaced or revoked: nobody registers with it again. */
  retired_at?: Instant | undefined;
}

/** An agent's last beat, in the table without stream. */
export interface PulseRow extends MaybeExpiring {
  agent_id: AgentId;
  epoch: number;
  /** The newest number seen. */
  sequence: number;
  beat_at: Instant;
  next_by?: Instant | undefined;
  status: string;
  task_ids: TaskId[];
  /** Held tasks that beats left out, and how many beats in a row. */
  left_out: Record<string, number>;
  health: Record<string, unknown>;
  /** Counted replays. */
  replays: number;
}

/** A beat to be written; `left_out` are the tasks that the agent holds and does not name. */
export interface Beat extends Omit<PulseRow, "left_out" | "replays" | "ttl"> {
  left_out: TaskId[];
}

/** The row as it was before the beat; of a beat that was not written, the row that stood against it, if there is one. */
export type BeatOutcome = { written: true; before: PulseRow } | { written: false; before: PulseRow | undefined };

/** Makes Ed25519 pairs for agents that bring no key of their own. The private half (JWK) is given out once and kept nowhere. */
export interface KeyPairs {
  make(): Promise<{ public_x: string; private_key: { kty: string; [member: string]: unknown } }>;
}

/** What agents need of those who keep the tasks. */
export interface AgentWork {
  /** The id of the class of agents with these phases and capabilities, made if it is new. */
  ensureClass(ctx: Context, phase_ids: readonly string[], capabilities: readonly string[]): Promise<string>;
  /** Puts the tasks that are still leased under these slots back into their lanes. May be repeated. */
  giveBack(ctx: Context, slots: readonly Slot[]): Promise<void>;
}

/** Changes that are stored; IDLE stands for IDLE and RUNNING. */
export const agentLifecycle = machine<StoredAgentStatus>({
  SPAWNING: ["IDLE", "DEGRADED", "FAILED", "TERMINATED"],
  IDLE: ["DEGRADED", "FAILED", "QUARANTINED", "TERMINATED"],
  DEGRADED: ["IDLE", "FAILED", "QUARANTINED", "TERMINATED"],
  FAILED: ["QUARANTINED", "TERMINATED"],
  QUARANTINED: ["IDLE", "TERMINATED"],
  TERMINATED: [],
});

/** Whether calls of the agent are refused for good: it can only register again. */
export function hasEnded({ status }: Pick<AgentRow, "status">): boolean {
  return status === "FAILED" || status === "TERMINATED";
}

/** What a call of an agent that has ended is answered. */
export function agentEnded({ status }: Pick<AgentRow, "status">): Problem {
  return new Problem("agent.ended", { detail: `The agent is ${status}.`, extra: { action: "register" } });
}
