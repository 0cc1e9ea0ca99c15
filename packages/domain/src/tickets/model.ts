import type { Priority } from "@omoios/contracts/shapes/common";
import type { BlockClass, TicketStatus, Verdict } from "@omoios/contracts/shapes/ticket";
import type { TaskContext } from "@omoios/contracts/views/task";
import type { BlockingReason } from "@omoios/contracts/views/ticket";
import type { Instant } from "@omoios/kernel/clock";
import type { Id, TaskId, TicketId } from "@omoios/kernel/ids";
import type { MaybeDue, MaybeExpiring, Versioned } from "../versioned.ts";

/** A ticket's head. */
export interface TicketRow extends Versioned, MaybeDue, MaybeExpiring {
  ticket_id: TicketId;
  title: string;
  priority: Priority;
  workflow: string;
  project?: string | undefined;
  labels: string[];
  external_ref?: string | undefined;
  phase_id: string;
  /** Raised by each entry into a phase. */
  visit: number;
  phase_entered_at: Instant;
  status: TicketStatus;
  is_blocked: boolean;
  blocked_class?: BlockClass | undefined;
  blocked_reason?: string | undefined;
  blocked_at?: Instant | undefined;
  /** An operator blocked it: it goes on by their word, or by progress. */
  blocked_by_hand?: true | undefined;
  /** The block came by too long without progress, and not by what became of a dependency. */
  blocked_stalled?: true | undefined;
  /** When its block last went: it then has the whole time again. */
  unblocked_at?: Instant | undefined;
  /** At most ten ids of tasks that ended without completing while others wait for them. */
  blocked_by?: TaskId[] | undefined;
  /** How often it was blocked: the occurrence that a remediation task belongs to. */
  blocks: number;
  cancel_reason?: string | undefined;
  /** Tasks made so far; the next one's number. */
  task_count: number;
  /** Tasks of this visit. */
  visit_tasks: number;
  /** Tasks made for phases that are still to come. */
  ahead: Record<string, number>;
  /** The visit whose templates have made their tasks. */
  generated_visit: number;
  /** Raised by every task added and every artifact handed in, in the same transaction. */
  evidence_version: number;
  verdict?: Verdict | undefined;
  created_by: string;
  created_at: Instant;
  updated_at: Instant;
  completed_at?: Instant | undefined;
}

export interface TicketBodyRow extends Versioned, MaybeExpiring {
  ticket_id: TicketId;
  description?: string | undefined;
}

/** The newest revision of an artifact; its identity is (type, path). */
export interface ArtifactRow extends Versioned, MaybeExpiring {
  artifact_id: Id<"artifact">;
  ticket_id: TicketId;
  task_id?: TaskId | undefined;
  type: string;
  path?: string | undefined;
  /** SHA-256 of the path (or url), part of its identity: a key holds no long text. */
  path_hash: string;
  url?: string | undefined;
  content?: string | undefined;
  metadata: Record<string, unknown>;
  revision: number;
  phase_id: string;
  visit: number;
  created_by: string;
  created_at: Instant;
}

/** An earlier revision, kept as it was. */
export type ArtifactRevisionRow = ArtifactRow;

/** One entry into a phase. */
export interface VisitRow extends Versioned, MaybeExpiring {
  ticket_id: TicketId;
  visit: number;
  from?: string | undefined;
  to: string;
  why: string;
  who: string;
  forced: boolean;
  backward: boolean;
  /** Artifacts that the passed gate was judged by. */
  evidence: string[];
  at: Instant;
  time_spent_seconds: number;
}

export interface GateRow extends Versioned, MaybeExpiring {
  ticket_id: TicketId;
  phase_id: string;
  visit: number;
  verdict: Verdict;
  blocking_reasons: BlockingReason[];
  evidence_version: number;
  evaluated_at: Instant;
}

/** What a claimer is told of the ticket: its head, and what earlier phases produced, compiled when a phase is entered. One row, one read. */
export interface BriefRow extends Versioned, MaybeExpiring {
  ticket_id: TicketId;
  title: string;
  external_ref?: string | undefined;
  labels: string[];
  context?: TaskContext | undefined;
}

/** What people add to a ticket's context. */
export interface TicketNoteRow extends Versioned, MaybeExpiring {
  ticket_id: TicketId;
  /** `<time>#<n>`, so that notes keep their order. */
  at: string;
  notes: string[];
  decisions: string[];
  risks: string[];
  who: string;
}
