import type { AgentStatus, AgentType } from "@omoios/contracts/shapes/agent";
import type { Instant } from "@omoios/kernel/clock";
import type { Context } from "@omoios/kernel/context";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";
import type { Leaving, Letter, RecentBeat, Silence, TaskError, TaskRecord } from "./life-rows.ts";

/** RUNNING follows from the slots and is not stored. */
export type StoredAgentStatus = Exclude<AgentStatus, "RUNNING">;

/** A task that the agent holds, or is about to take. It counts only while the task is leased to this agent under this fence. */
export interface Slot {
  task_id: TaskId;
  fence: number;
  /** Hash of the claim's idempotency key, if it had one. */
  key?: string | undefined;
  /** It was pushed to the agent, which may not know of it before it has accepted. */
  pushed?: true | undefined;
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
  /** Tasks that were taken from it lately, and when: answers to it tell it to stop them. */
  stopped?: Record<string, Instant> | undefined;
  /** The beats that it missed, as far as they were counted. It is over once a newer beat has come. */
  silence?: Silence | undefined;
  /** DEGRADED for the messages up to that number, until it has acknowledged them. */
  unheard?: number | undefined;
  /** When its key was taken into use. Absent in rows that were made before it was kept. */
  key_at?: Instant | undefined;
  /** It was told to take a new key then. It is over with the next key. */
  rotate_asked_at?: Instant | undefined;
  /** It was told to stop: it takes no new task, and is ended when it has none, or when its time is over. */
  leaving?: Leaving | undefined;
  restarted_at?: Instant | undefined;
  /** When it was last said that its line was restarted too often. */
  escalated_at?: Instant | undefined;
  /** Out of quarantine: it takes one task at a time, until it has completed one. */
  probe?: true | undefined;
  /** What came of its tasks, by phase. */
  record?: Record<string, TaskRecord> | undefined;
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
  /** Where its tasks are pushed to; absent for one that claims. */
  push_url?: string | undefined;
  steps: {
    step: "pre_validation" | "identity" | "registry_entry" | "subscription" | "first_heartbeat";
    outcome: "done" | "failed";
    at: Instant;
  }[];
  first_heartbeat_by: Instant;
  registered_at: Instant;
  updated_at: Instant;
  registered_by: string;
  /** What its last change of capabilities brought and took; the event takes it from here. */
  added?: string[] | undefined;
  removed?: string[] | undefined;
  /** Whose request for a replacement was published last: the same one is published once. */
  replacement_asked_by?: string | undefined;
}

/** Where an agent's tasks are pushed to. It stands in the list `push` until the sweep finds that the agent has ended. */
export interface DeliveryRow extends Versioned {
  agent_id: AgentId;
  url: string;
  /** `whsec_…`, with which each webhook is signed. */
  secret: string;
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
  /** Held tasks that beats left out (see `heldAs`), and how many beats in a row. */
  left_out: Record<string, number>;
  /** The newest beats, each under the remainder of its number. */
  recent?: Record<string, RecentBeat> | undefined;
  health: Record<string, unknown>;
  /** Counted replays. */
  replays: number;
  /** Beats that were written. */
  beats?: number | undefined;
  /** Its newest messages, the oldest first, with the number of the last of them. Acknowledged ones stay until the next one comes. */
  mail?: Letter[] | undefined;
  mail_last?: number | undefined;
  /** The number up to which it said that it had its messages. It may be a number that no message has. */
  acked?: number | undefined;
}

/** A beat to be written; `left_out` are the tasks that the agent holds and does not name (see `heldAs`). */
export interface Beat
  extends Omit<PulseRow, "left_out" | "replays" | "recent" | "beats" | "mail" | "mail_last" | "ttl"> {
  left_out: string[];
}

/** A task under one fence, as beats that leave it out are counted: one that is taken anew is counted anew. */
export function heldAs({ task_id, fence }: Pick<Slot, "task_id" | "fence">): string {
  return `${task_id}#${fence}`;
}

/** The row as it was before the beat; of a beat that was not written, the row that stood against it, if there is one. */
export type BeatOutcome = { written: true; before: PulseRow } | { written: false; before: PulseRow | undefined };

/** Makes Ed25519 pairs for agents that bring no key of their own. The private half (JWK) is given out once and kept nowhere. */
export interface KeyPairs {
  make(): Promise<{ public_x: string; private_key: { kty: string; [member: string]: unknown } }>;
}

/** What agents need of those who keep the tasks. */
export interface AgentWork {
  /** Those of its slots whose tasks are still leased under them. */
  leased(agent: AgentRow): Promise<Slot[]>;
  /** What went wrong lately with the tasks that the agent holds or has failed, newest first. */
  errorsOf(agent: AgentRow): Promise<TaskError[]>;
  /** The id of the class of agents with these phases and capabilities, made if it is new. */
  ensureClass(ctx: Context, phase_ids: readonly string[], capabilities: readonly string[]): Promise<string>;
  /** Puts the tasks that are still leased under these slots back into their lanes. May be repeated. */
  giveBack(ctx: Context, slots: readonly Slot[], why: string): Promise<void>;
  /** The same for an agent that goes on: its slots are freed, and it is told to stop. */
  takeBack(ctx: Context, agent_id: AgentId, slots: readonly Slot[], why: string): Promise<void>;
}

/** Whether calls of the agent are refused for good: it can only register again. */
export function hasEnded({ status }: Pick<AgentRow, "status">): boolean {
  return status === "FAILED" || status === "TERMINATED";
}

/** What a call of an agent that has ended is answered. It names the agent, where its key or token has proven which one it is. */
export function agentEnded({
  status,
  agent_id,
}: Pick<AgentRow, "status"> & Partial<Pick<AgentRow, "agent_id">>): Problem {
  const named = agent_id === undefined ? {} : { agent_id };
  return new Problem("agent.ended", { detail: `The agent is ${status}.`, extra: { action: "register", ...named } });
}
