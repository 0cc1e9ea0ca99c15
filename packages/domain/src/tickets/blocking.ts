import type { TaskStatus } from "@omoios/contracts/shapes/task";
import type { BlockClass, TicketStatus, Verdict } from "@omoios/contracts/shapes/ticket";
import type { Instant } from "@omoios/kernel/clock";
import type { TicketRow } from "./model.ts";

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

/** A dependency that has not completed. One that left with its ticket is `gone`. */
export interface Awaited {
  task_id: string;
  status: TaskStatus | "gone";
  ticket_id?: string;
}

/** A task of a blocked ticket, and what of its dependencies has not completed. */
export interface OpenTask {
  task_id: string;
  status: TaskStatus;
  waits_for: readonly Awaited[];
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
  /** The dependencies that hold it, at most `MOST_NAMED`; empty for the other classes. */
  blocked_by: string[];
  /** It comes by too long without progress. */
  stalled?: true | undefined;
}

/** Tasks that a block names. */
export const MOST_NAMED = 10;
const FOREIGN = "of another ticket";

/** What a ticket bears that is not blocked. */
export const notBlocked = {
  is_blocked: false,
  blocked_class: undefined,
  blocked_reason: undefined,
  blocked_at: undefined,
  blocked_by: undefined,
  blocked_by_hand: undefined,
  blocked_stalled: undefined,
} satisfies Partial<TicketRow>;

/** Why a ticket is blocked: the first that holds of dependency, waiting_on_clarification, failing_checks, environment. */
export function classifyBlock({ ticket_id, open_tasks, verdict }: BlockFacts): Block {
  const held = heldBack(open_tasks, ticket_id);
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

/**
 * Whether a standing block goes by itself: never while a dependency stays failed, cancelled or gone; else by progress since. One that came
 * by such a dependency goes with it; one that came by standing still, when its tasks wait for no other ticket's either.
 */
export function isOver(
  block: { class: BlockClass | undefined; by_hand: boolean; stalled: boolean; progressed: boolean },
  { ticket_id, open_tasks }: Pick<BlockFacts, "ticket_id" | "open_tasks">,
): boolean {
  const reasons = [...heldBack(open_tasks, ticket_id).values()];
  if (reasons.some((why) => why !== FOREIGN)) return false;
  if (block.progressed) return true;
  return block.class === "dependency" && !block.by_hand && (!block.stalled || reasons.length === 0);
}

/** The dependencies that do not come by themselves, each with the reason. */
function heldBack(open_tasks: readonly OpenTask[], ticket_id: string): Map<string, string> {
  const held = new Map<string, string>();
  for (const dependency of open_tasks.flatMap(({ waits_for }) => waits_for)) {
    const why = holdsBack(dependency, ticket_id);
    if (why !== undefined) held.set(dependency.task_id, why);
  }
  return held;
}

function holdsBack({ status, ticket_id }: Awaited, own: string): string | undefined {
  if (status === "failed" || status === "cancelled" || status === "gone") return status;
  return ticket_id !== own && status !== "completed" ? FOREIGN : undefined;
}

function dependencyBlock(held: ReadonlyMap<string, string>): Block {
  const texts = [...held].map(([id, why]) => `${id} (${why})`);
  return {
    class: "dependency",
    reason: `Tasks wait for what does not come by itself: ${named(texts)}.`,
    blocked_by: [...held.keys()].slice(0, MOST_NAMED),
  };
}

function named(texts: readonly string[]): string {
  const more = texts.length - MOST_NAMED;
  return texts.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
