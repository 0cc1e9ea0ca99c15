import type { Limits } from "@omoios/contracts/limits";
import type { Failure } from "@omoios/contracts/shapes/task";
import type { Context } from "@omoios/kernel/context";
import { derivedId } from "@omoios/kernel/ids";
import { invariant } from "@omoios/kernel/problem";
import type { EventDraft } from "../commit.ts";
import { digest } from "../digest.ts";
import { taskDue } from "./due.ts";
import { type AttemptRow, type DeadLetterRow, lifecycle, type StoredError, type TaskRow } from "./model.ts";

/** What was watched of the holder's words. */
const unsaid = { act: undefined, repeats: undefined, tokens: undefined } satisfies Partial<TaskRow>;

/** What a lease leaves nothing of. */
export const unleased = {
  agent_id: undefined,
  lease_expires_at: undefined,
  renewals: undefined,
  stuck: undefined,
  percent: undefined,
  ...unsaid,
  started_at: undefined,
} satisfies Partial<TaskRow>;

/** The task in its next state. Leaving a lane takes it out of the index. */
export function moved(task: TaskRow, change: Partial<TaskRow> & Pick<TaskRow, "status">): TaskRow {
  invariant(lifecycle.can(task.status, change.status), `a ${task.status} task does not become ${change.status}`);
  const leaves = task.status === "ready" ? { ready_lane: undefined, virtual_start: undefined } : {};
  return { ...task, ...leaves, ...change };
}

/** The task in a state that ends it: what follows from that is still to be done, also to say that it is stuck no more. */
export function ended(
  task: TaskRow,
  change: Partial<TaskRow> & Pick<TaskRow, "status">,
  ctx: Context,
  limits: Limits,
): TaskRow {
  const next = moved(task, {
    lease_expires_at: undefined,
    renewals: undefined,
    ...unsaid,
    completed_at: ctx.now,
    settling: true,
    checking: undefined,
    ...(missedBy(task, ctx).length > 0 ? { deadline_missed: true as const } : {}),
    ...change,
  });
  return { ...next, due_at: taskDue(next, limits) };
}

/** A deadline that passed under the lease: its timer would come after the end, and then say nothing. */
export function missedBy(task: TaskRow, { now }: Context): EventDraft[] {
  const missed = task.deadline_at !== undefined && task.deadline_at < now && !task.deadline_missed;
  return missed ? [{ type: "task.deadline_missed" }] : [];
}

/** The dead letter of a task that fails, or failed last, under its fence. */
export const letterIdOf = ({ task_id, fence }: Pick<TaskRow, "task_id" | "fence">): DeadLetterRow["dead_letter_id"] =>
  derivedId("deadLetter", digest(task_id, fence));

/** A task that counted as stuck does so no more. */
export function unstuck(before: TaskRow, after: TaskRow): EventDraft[] {
  return before.stuck && !after.stuck ? [{ type: "task.unstuck" }] : [];
}

/** The task as failed, with its dead letter. */
export function endFailed(
  task: TaskRow,
  failure: Failure,
  error: StoredError,
  attempt: AttemptRow,
  first: EventDraft[],
  ctx: Context,
  limits: Limits,
  failed_alike: TaskRow["failed_alike"],
) {
  const next = ended(task, { status: "failed", failure, failed_alike, pending_reason: undefined }, ctx, limits);
  const dead_letter: DeadLetterRow = {
    version: 0,
    dead_letter_id: letterIdOf(task),
    task_id: task.task_id,
    ticket_id: task.ticket_id,
    phase_id: task.phase_id,
    attempt: task.attempt,
    error,
    status: "open",
    at: ctx.now,
  };
  const failed: EventDraft = { type: "task.failed", data: { error_kind: error.kind } };
  return { next, events: [...first, ...missedBy(task, ctx), failed], attempt, dead_letter };
}
