import type { Change, RequestContext } from "../commit.ts";
import { patiently, untilSettled } from "../decide.ts";
import { inTurn } from "../in-turn.ts";
import { becomeReady, withDue } from "./lifecycle.ts";
import type { EdgeRow, TaskNoteRow, TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { completedAttempts, standingOf, tasksOf } from "./reads.ts";

/** Edges of one completed task that are released side by side. */
const SIDE_BY_SIDE = 25;
const PAGE = 100;

type Parts = Pick<TaskParts, "store" | "commit" | "limits" | "book" | "watch" | "sleep">;

/** Releases everything that waits for a task that completed. May be repeated: an edge that is gone has done its work. */
export async function releaseDependents(parts: Parts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const { task_id } = task;
  let handed: Handed | undefined;
  for (let first = true; ; first = false) {
    const { rows } = await parts.store.page("edge", { dependency_id: task_id }, { limit: PAGE });
    if (first && rows.length > 0) handed = await handedOver(parts, task);
    await inTurn(rows, (edge) => releaseEdge(parts, ctx, edge, handed), SIDE_BY_SIDE);
    if (rows.length < PAGE) return;
  }
}

/** Looks at a task's dependencies once more and releases it from those that have completed meanwhile. */
export async function releaseCompleted(parts: Parts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const body = await parts.store.get("task_body", { ticket_id: task.ticket_id, n: task.n });
  const done = (await tasksOf(parts, body?.depends_on ?? [])).filter((dependency) => dependency.status === "completed");
  for (const dependency of done) {
    const edge = await parts.store.get("edge", { dependency_id: dependency.task_id, dependent_id: task.task_id });
    if (edge !== undefined) await releaseEdge(parts, ctx, edge, await handedOver(parts, dependency));
  }
}

/** Takes an edge away, again until nothing is in the way. What the dependency hands over lies then beside the dependent. */
function releaseEdge(parts: Parts, ctx: RequestContext, edge: EdgeRow, handed?: Handed): Promise<void> {
  let first = true;
  return untilSettled(
    async () => {
      const current = first ? edge : await parts.store.get("edge", edge);
      first = false;
      if (current !== undefined) await releaseOnce(parts, ctx, current, handed);
    },
    patiently(parts.sleep, ctx.random),
  );
}

/**
 * One transaction removes the edge and lowers the dependent's count: the removal lets it happen once. The last edge goes together with
 * what makes the dependent ready, under its version, so that no crash leaves it without edges and unready.
 */
async function releaseOnce(parts: Parts, ctx: RequestContext, edge: EdgeRow, handed?: Handed): Promise<void> {
  const dependent = await parts.store.get("task", { task_id: edge.dependent_id });
  const changes: Change[] = [{ kind: "edge", before: edge }];
  if (dependent === undefined) {
    await parts.commit(ctx, changes);
    return;
  }
  const has_notes = handed !== undefined;
  if (has_notes) {
    // A dependent whose ticket has ended leaves with it, and the note with both.
    const note = { version: 0, task_id: edge.dependent_id, from: edge.dependency_id, ttl: dependent.ttl, ...handed };
    changes.push({ kind: "task_note", after: note, overwrite: true });
  }
  if (dependent.blockers_left > 1) {
    await parts.commit(ctx, changes, { lowers: { task_id: edge.dependent_id, has_notes } });
    return;
  }
  const fewer: TaskRow = { ...dependent, blockers_left: 0, ...(has_notes ? { has_notes } : {}) };
  const freed = fewer.status === "pending" && fewer.pending_reason === "dependencies";
  const { next, events } = freed
    ? becomeReady(fewer, await standingOf(parts, ctx, fewer), ctx, parts.limits)
    : { next: withDue(fewer, parts.limits), events: [] };
  await parts.commit(ctx, [{ kind: "task", before: dependent, after: next, events }, ...changes]);
  if (freed) parts.watch.notify(next.lane);
}

/** What a completed task leaves to those that waited for it. */
type Handed = Pick<TaskNoteRow, "handoff">;

/** The handoff of the attempt that completed the task. */
async function handedOver(parts: Parts, task: TaskRow): Promise<Handed | undefined> {
  const [completed] = await completedAttempts(parts, [task]);
  if (completed?.handoff === undefined) return undefined;
  return { handoff: completed.handoff };
}
