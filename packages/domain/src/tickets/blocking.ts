import type { TaskStatus } from "@omoios/contracts/shapes/task";
import type { BlockClass, TicketStatus, Verdict } from "@omoios/contracts/shapes/ticket";
import type { Instant } from "@omoios/kernel/clock";

/** What tells whether a ticket has come to a stop. */
export interface ProgressFacts {
  status: TicketStatus;
  is_blocked: boolean;
  /** The ticket stands in a phase in which agents work. */
  working: boolean;
  phase_entered_at: Instant;
  /** When a task of the ticket was last started, progressed or ended, if ever. An edit is no progress. */
  last_progress_at: Instant | undefined;
  /** When it was last unblocked by hand, if ever: it then gets the whole time again. */
  unblocked_at: Instant | undefined;
}

/** When the ticket will count as blocked unless something happens; `undefined` where it cannot. */
export function blocksAt(facts: ProgressFacts, blockedAfterSeconds: number): Instant | undefined {
  if (facts.status !== "open" || facts.is_blocked || !facts.working) return undefined;
  const since = Math.max(facts.phase_entered_at, facts.last_progress_at ?? 0, facts.unblocked_at ?? 0);
  return since + blockedAfterSeconds * 1_000;
}

/** Whether the ticket is to be marked blocked now. */
export function isStalled(facts: ProgressFacts, now: Instant, blockedAfterSeconds: number): boolean {
  const at = blocksAt(facts, blockedAfterSeconds);
  return at !== undefined && now >= at;
}

/** A task of a blocked ticket, and what of its dependencies has not completed. */
export interface OpenTask {
  task_id: string;
  status: TaskStatus;
  waits_for: readonly { task_id: string; status: TaskStatus; ticket_id: string }[];
}

export interface BlockFacts {
  ticket_id: string;
  /** Tasks that are not terminal. */
  open_tasks: readonly OpenTask[];
  /** The last verdict of the phase's gate, if it was judged. */
  verdict: Verdict | undefined;
}

export interface Block {
  class: BlockClass;
  reason: string;
  /** The dependencies that hold it, at most ten; empty for the other classes. */
  blocked_by: string[];
}

const NAMED = 10;

/** Why a ticket is blocked: the first that holds of dependency, waiting_on_clarification, failing_checks, environment. */
export function classifyBlock({ ticket_id, open_tasks, verdict }: BlockFacts): Block {
  const held = new Map<string, string>();
  for (const dependency of open_tasks.flatMap(({ waits_for }) => waits_for)) {
    const why = holdsBack(dependency, ticket_id);
    if (why !== undefined) held.set(dependency.task_id, why);
  }
  if (held.size > 0) return dependencyBlock(held);
  const asking = open_tasks.filter(({ status }) => status === "waiting").map(({ task_id }) => task_id);
  if (asking.length > 0) {
    return { class: "waiting_on_clarification", reason: `An answer is awaited: ${named(asking)}.`, blocked_by: [] };
  }
  if (verdict === "failed") {
    return { class: "failing_checks", reason: "The phase's gate fails on a criterion.", blocked_by: [] };
  }
  return { class: "environment", reason: "No task has made progress.", blocked_by: [] };
}

function holdsBack({ status, ticket_id }: OpenTask["waits_for"][number], own: string): string | undefined {
  if (status === "failed" || status === "cancelled") return status;
  return ticket_id !== own && status !== "completed" ? "of another ticket" : undefined;
}

function dependencyBlock(held: ReadonlyMap<string, string>): Block {
  const texts = [...held].map(([id, why]) => `${id} (${why})`);
  return {
    class: "dependency",
    reason: `Tasks wait for what does not come by itself: ${named(texts)}.`,
    blocked_by: [...held.keys()].slice(0, NAMED),
  };
}

function named(texts: readonly string[]): string {
  const more = texts.length - NAMED;
  return texts.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
