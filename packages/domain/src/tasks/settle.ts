import type { RequestContext } from "../commit.ts";
import { unlessStale, untilSettled } from "../decide.ts";
import { unstuck } from "./ended.ts";
import { withDue } from "./lifecycle.ts";
import { hasEnded, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { releaseDependents } from "./release.ts";

/**
 * What follows from a task's end within this room: a completed one releases its dependents, and one that will not go on by itself no
 * longer counts as open for its phase's gate. May be repeated. `finish` then lets its due row go.
 */
export async function settleTask(parts: TaskParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  if (task.status === "completed") await releaseDependents(parts, ctx, task);
  if (task.status === "completed" || task.status === "cancelled") await closeTask(parts, ctx, task);
}

/** Everything that follows from the end is done: the task, as it was when that began, waits for nothing more. */
export async function finishSettling(parts: TaskParts, ctx: RequestContext, ended: TaskRow): Promise<void> {
  let known: TaskRow | undefined = ended;
  await untilSettled(async () => {
    const task = known ?? (await parts.store.get("task", { task_id: ended.task_id }));
    known = undefined;
    if (task === undefined || !task.settling || !hasEnded(task.status)) return;
    const after = withDue({ ...task, settling: undefined, stuck: undefined }, parts.limits);
    await parts.commit(ctx, [{ kind: "task", before: task, after, events: unstuck(task, after) }]);
  });
}

/** Removes the task's mark of being open, unless it was opened again since it ended. */
export async function closeTask(parts: TaskParts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const open = await parts.store.get("open_task", { ticket_id: task.ticket_id, phase_id: task.phase_id, n: task.n });
  if (open === undefined || open.opened_at_version > task.version) return;
  // Another may remove it or open it again in this moment.
  await unlessStale(() => parts.commit(ctx, [{ kind: "open_task", before: open }]));
}
