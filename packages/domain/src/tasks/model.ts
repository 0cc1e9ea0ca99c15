import type { Priority } from "@omoios/contracts/shapes/common";
import type {
  AttemptOutcome,
  ErrorKind,
  Failure,
  Handoff,
  PendingReason,
  TaskStatus,
} from "@omoios/contracts/shapes/task";
import type { Instant } from "@omoios/kernel/clock";
import type { AgentId, Id, TaskId, TicketId } from "@omoios/kernel/ids";
import { machine } from "@omoios/kernel/machine";
import type { Actor } from "@omoios/kernel/principal";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";

/** `staged` is a task of a batch that is not yet opened: shown to nobody, or as pending once its batch is valid. */
export type StoredStatus = TaskStatus | "staged";

/** What a queue operation reads or changes: at most 1,000 bytes with its keys and events. */
export interface TaskRow extends Versioned, MaybeDue, MaybeExpiring {
  task_id: TaskId;
  ticket_id: TicketId;
  /** The task's number within its ticket: the key of its body. */
  n: number;
  phase_id: string;
  visit: number;
  priority: Priority;
  lane: string;
  status: StoredStatus;
  pending_reason?: PendingReason | undefined;
  failure?: Failure | undefined;
  /** Rises with each take and with nothing else, so that an old holder is known by its number. */
  fence: number;
  agent_id?: AgentId | undefined;
  lease_expires_at?: Instant | undefined;
  /** Renewals by heartbeat since the last progress. */
  renewals?: number | undefined;
  /** Claims so far; not raised by the claim after a release. */
  attempt: number;
  retry_count: number;
  max_retries: number;
  timeout_seconds: number;
  deadline_at?: Instant | undefined;
  deadline_missed?: true | undefined;
  /** Dependencies that have not completed. */
  blockers_left: number;
  /** Leases lost in a row. */
  lost_leases?: number | undefined;
  /** The last failure's signature, and how often it came in a row. */
  failed_alike?: { signature: string; times: number } | undefined;
  /** Set by a release: the next claim continues this attempt's number. */
  released?: true | undefined;
  /** Whether a dependency or an answer left something for the next claimer. */
  has_notes?: true | undefined;
  /** Whether its dependencies are still to be looked at once more, should the call that made it have died. */
  checking?: true | undefined;
  /** Whether what follows from its end (edges, tickets, gate) is still to be done. */
  settling?: true | undefined;
  ready_lane?: string | undefined;
  virtual_start?: Instant | undefined;
  created_at: Instant;
  ready_at?: Instant | undefined;
  started_at?: Instant | undefined;
  completed_at?: Instant | undefined;
  progressed_at?: Instant | undefined;
  percent?: number | undefined;
  /** What the holder did last, the newest first: marks of the hashes that it gave. */
  act?: string | undefined;
  /** How often it did one of these once more, with nothing changed. */
  repeats?: number | undefined;
  /** Tokens used since something changed: another event, a higher percent, an artifact. */
  tokens?: number | undefined;
  stuck?: true | undefined;
  batch_id?: Id<"batch"> | undefined;
}

/** What a task says, written once; it lies with its ticket. */
export interface TaskBodyRow extends Versioned, MaybeExpiring {
  ticket_id: TicketId;
  n: number;
  task_id: TaskId;
  title: string;
  description?: string | undefined;
  task_type: string;
  required_capabilities: string[];
  depends_on: TaskId[];
  parent_task_id?: TaskId | undefined;
  /** The template and item that it was made from. */
  template?: string | undefined;
  /** Feedback of the regression that led to this visit. */
  feedback?: string[] | undefined;
  cancel_reason?: string | undefined;
  created_by: string;
}

/** Stands while a task has not ended, so that a gate sees what is open in one page. */
export interface OpenTaskRow extends Versioned {
  ticket_id: TicketId;
  phase_id: string;
  n: number;
  task_id: TaskId;
  /** The task's version when it was opened: an end that is older does not remove this row. */
  opened_at_version: number;
}

/** `dependent` waits for `dependency`. Its removal lowers the dependent's count, once. */
export interface EdgeRow extends Versioned, MaybeExpiring {
  dependency_id: TaskId;
  dependent_id: TaskId;
  ticket_id: TicketId;
}

export interface StoredError {
  attempt: number;
  kind: ErrorKind;
  agent_kind?: string | undefined;
  message: string;
  at: Instant;
  agent_id?: AgentId | undefined;
}

/** One attempt that ended, or an orphan: a result that came under a lost fence. */
export interface AttemptRow extends Versioned, MaybeExpiring {
  task_id: TaskId;
  fence: number;
  /** Empty for the attempt itself; for an orphan what tells it from others under the same fence. */
  orphan: string;
  attempt: number;
  agent_id?: AgentId | undefined;
  started_at?: Instant | undefined;
  ended_at: Instant;
  outcome: Exclude<AttemptOutcome, "running">;
  error?: StoredError | undefined;
  result?: unknown;
  handoff?: Handoff | undefined;
  /** Why it was released or cancelled, or what was asked. */
  reason?: string | undefined;
}

/** What a dependency's holder, or the answer to a question, leaves for the next claimer. */
export interface TaskNoteRow extends Versioned, MaybeExpiring {
  task_id: TaskId;
  /** The dependency's id, or `answer#<fence>`. */
  from: string;
  handoff?: Handoff | undefined;
  note?: string | undefined;
}

export interface DeadLetterRow extends Versioned, MaybeExpiring {
  dead_letter_id: Id<"deadLetter">;
  task_id: TaskId;
  ticket_id: TicketId;
  phase_id: string;
  attempt: number;
  error: StoredError;
  status: "open" | "redriven";
  at: Instant;
}

/** Up to 500 tasks made in one call: staged, then valid by one transaction, then opened one by one. */
export interface BatchRow extends Versioned, MaybeDue, MaybeExpiring {
  batch_id: Id<"batch">;
  ticket_id: TicketId;
  /** The numbers of its tasks: from, and how many. */
  n_from: number;
  count: number;
  /** Who asked for the tasks, and as part of what: their events say so. */
  made_by: { actor: Actor; correlation_id: string };
  status: "staged" | "valid" | "opened";
}

/** Where ready tasks of one need stand: (phase, capabilities), split in shards. */
export interface LaneRow extends Versioned {
  lane: string;
  phase_id: string;
  capabilities: string[];
  shards: number;
  touched_at: Instant;
  /** It was said that no living agent can take its work. */
  unmatchable?: true | undefined;
}

/** What agents of one kind offer: (phases, capabilities). */
export interface ClassRow extends Versioned {
  class_id: string;
  phase_ids: string[];
  capabilities: string[];
  touched_at: Instant;
}

/** An agent class that can take a lane. */
export interface PairRow extends Versioned {
  class_id: string;
  lane: string;
  phase_id: string;
  shards: number;
}

/** An entry of a lane: what a claimer sees of a ready task. */
export interface ReadyEntry {
  task_id: TaskId;
  fence: number;
  timeout_seconds: number;
  virtual_start: Instant;
  ready_lane: string;
  /** The claim after a release goes on with the attempt's number. */
  released?: true;
}

/** What a task may leave to, as the specification's table has it. */
export const lifecycle = machine<StoredStatus>({
  staged: ["pending", "ready", "cancelled"],
  pending: ["ready", "cancelled"],
  ready: ["assigned", "running", "cancelled"],
  assigned: ["running", "ready", "cancelled"],
  running: ["waiting", "completed", "failed", "pending", "ready", "cancelled"],
  waiting: ["ready", "cancelled", "failed"],
  completed: [],
  failed: ["ready", "pending"],
  cancelled: ["ready", "pending"],
});

/** Whether the task has ended, for now: failed and cancelled ones come back by an explicit retry alone. */
export function hasEnded(status: StoredStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** Whether an agent holds the task under its fence: it works on it, or was pushed to and may still accept. */
export function isLeased({ status }: Pick<TaskRow, "status">): boolean {
  return status === "running" || status === "assigned";
}
