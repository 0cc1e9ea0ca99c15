import type { Envelope } from "@omoios/contracts/events";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId, MessageId, TaskId } from "@omoios/kernel/ids";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";

/** How far the ladder of missed beats was climbed since one beat. */
export interface Silence {
  /** When that beat came, and its number. */
  since: Instant;
  sequence: number;
  /** The number of the newest message in its box by then. */
  mail_last?: number | undefined;
  misses: number;
  /** When the next miss counts. */
  next_at: Instant;
}

export interface Leaving {
  how: "restart" | "deregistration";
  why: string;
  since: Instant;
  until: Instant;
}

export interface TaskRecord {
  completed: number;
  failed: number;
  /** Of those completed. */
  busy_ms: number;
  /** Of those failed; absent where none was timed. */
  failed_ms?: number | undefined;
}

/** What was known of an agent when it was last put into quarantine. */
export interface EvidenceRow extends Versioned, MaybeExpiring {
  agent_id: AgentId;
  at: Instant;
  heartbeats: RecentBeat[];
  events: Pick<Envelope, "id" | "type" | "time" | "data">[];
  errors: TaskError[];
}

/** An error of a task that the agent had. */
export interface TaskError {
  task_id: TaskId;
  kind: string;
  message: string;
  at: Instant;
}

/** Lifetime figures of an agent that has ended. */
export interface ArchiveRow extends Versioned, MaybeExpiring {
  agent_id: AgentId;
  ended_at: Instant;
  why: string;
  completed: number;
  failed: number;
  busy_ms: number;
  restarts: number;
  /** From its first heartbeat to its end. */
  uptime_ms: number;
}

/** What is kept of a beat for a while, as evidence. */
export interface RecentBeat {
  sequence: number;
  at: Instant;
  status: string;
  cpu?: number | undefined;
  mb?: number | undefined;
}

/** What the judgement of heartbeats remembers from one time to the next. */
export interface LadderMarks {
  /** When it should be done again. */
  due_at: Instant;
  /** Since when beats are seen: what was missed before, while nobody looked or the whole fleet was silent, does not count. */
  sighted_since: Instant;
  /** Since when so many agents are silent together that none is held to it. */
  massive_since?: Instant | undefined;
  /** When a mass silence was ended although it went on: who was silent by then is held to it, and counts towards no other. */
  let_go_at?: Instant | undefined;
}

/** A message in an agent's box. Its number follows from its place (see `mail.ts`). */
export interface Letter {
  id: MessageId;
  at: Instant;
  /** How many beats the agent had sent by then. */
  beats: number;
}

/** A message to a channel. While it is due, not every agent of the channel may have it. */
export interface MessageRow extends Versioned, MaybeDue, MaybeExpiring {
  message_id: MessageId;
  channel: string;
  body: unknown;
  sent_at: Instant;
  sent_by: string;
  /** Agents that have it, and those whose box was full. */
  agents?: number | undefined;
  full?: number | undefined;
}

/** What is known of the fleet as a whole. */
export interface FleetRow extends Versioned {
  /** Since when so many are silent together that none is held to it. */
  silent_since?: Instant | undefined;
}
