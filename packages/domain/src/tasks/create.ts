import type { Limits } from "@omoios/contracts/limits";
import type { Priority } from "@omoios/contracts/shapes/common";
import type { Instant } from "@omoios/kernel/clock";
import type { Context } from "@omoios/kernel/context";
import type { Id, TaskId, TicketId } from "@omoios/kernel/ids";
import type { EventDraft } from "../commit.ts";
import { taskDue } from "./due.ts";
import { becomeReady, type Standing } from "./lifecycle.ts";
import type { EdgeRow, OpenTaskRow, TaskBodyRow, TaskRow } from "./model.ts";

/** A task that is to be made, everything about it settled but its number. */
export interface TaskDraft {
  task_id: TaskId;
  title: string;
  description?: string | undefined;
  task_type: string;
  phase_id: string;
  priority: Priority;
  required_capabilities: readonly string[];
  depends_on: readonly TaskId[];
  max_retries?: number | undefined;
  timeout_seconds?: number | undefined;
  deadline_at?: Instant | undefined;
  parent_task_id?: TaskId | undefined;
  template?: string | undefined;
  feedback?: string[] | undefined;
}

/** Where a draft is to stand. */
export interface Place extends Standing {
  ticket_id: TicketId;
  n: number;
  visit: number;
  lane: string;
  /** Dependencies that had not completed when they were read. */
  waits_for: readonly TaskId[];
  /** Whether one of them may have completed since then; one that is made in the same write cannot. */
  looks_again: boolean;
}

export interface MadeTask {
  task: TaskRow;
  body: TaskBodyRow;
  open: OpenTaskRow;
  edges: EdgeRow[];
  events: EventDraft[];
}

/** The rows of a new task: ready at once, pending behind its dependencies, or staged with its batch. */
export function makeTask(
  draft: TaskDraft,
  place: Place,
  ctx: Context,
  limits: Limits,
  batch_id?: Id<"batch">,
): MadeTask {
  const { ticket_id, n, visit, lane, waits_for } = place;
  const base: TaskRow = {
    version: 0,
    task_id: draft.task_id,
    ticket_id,
    n,
    phase_id: draft.phase_id,
    visit,
    priority: draft.priority,
    lane,
    status: batch_id === undefined ? "pending" : "staged",
    fence: 0,
    attempt: 0,
    retry_count: 0,
    max_retries: draft.max_retries ?? limits.max_retries,
    timeout_seconds: draft.timeout_seconds ?? limits.timeout_seconds,
    deadline_at: draft.deadline_at,
    blockers_left: waits_for.length,
    created_at: ctx.now,
    batch_id,
  };
  const opened =
    batch_id === undefined ? openTask(base, place, ctx, limits, place.looks_again) : { task: base, events: [] };
  return {
    ...opened,
    body: bodyOf(draft, place, ctx),
    open: { version: 0, ticket_id, phase_id: draft.phase_id, n, task_id: draft.task_id, opened_at_version: 1 },
    edges: waits_for.map((dependency_id) => ({ version: 0, dependency_id, dependent_id: draft.task_id, ticket_id })),
  };
}

/**
 * A new or staged task becomes ready, or pending while something is before it; the moment of its making is now.
 * @param looks_again whether its dependencies are to be looked at once more
 */
export function openTask(
  task: TaskRow,
  standing: Standing,
  ctx: Context,
  limits: Limits,
  looks_again = true,
): { task: TaskRow; events: EventDraft[] } {
  const created: EventDraft = { type: "task.created" };
  if (task.blockers_left === 0) {
    const { next, events } = becomeReady(task, standing, ctx, limits, [created]);
    return { task: next, events };
  }
  const waiting = { status: "pending", pending_reason: "dependencies" } as const;
  const pending: TaskRow = { ...task, ...waiting, checking: looks_again || undefined };
  return { task: { ...pending, due_at: taskDue(pending, limits) }, events: [created] };
}

function bodyOf(draft: TaskDraft, { ticket_id, n }: Place, ctx: Context): TaskBodyRow {
  return {
    version: 0,
    ticket_id,
    n,
    task_id: draft.task_id,
    title: draft.title,
    description: draft.description,
    task_type: draft.task_type,
    required_capabilities: [...draft.required_capabilities],
    depends_on: [...draft.depends_on],
    parent_task_id: draft.parent_task_id,
    template: draft.template,
    feedback: draft.feedback,
    created_by: ctx.actor.id,
  };
}
