import { backoffMs } from "@omoios/kernel/backoff";
import { Problem } from "@omoios/kernel/problem";
import { type Change, type RequestContext, Stale } from "../commit.ts";
import { becomeReady, withDue } from "./lifecycle.ts";
import type { EdgeRow, TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";
import { standingOf, tasksOf } from "./reads.ts";

/** Edges of one completed task that are released side by side. */
const SIDE_BY_SIDE = 8;
const PAGE = 50;
/** Hundreds of dependencies of one join may end in the same moment: each waits at random before it loads again, or all would keep all out. */
const BUSY = { base_ms: 15, cap_ms: 500, jitter: 0.9 };
const BUSY_TRIES = 40;

type Parts = Pick<TaskParts, "store" | "commit" | "limits" | "book" | "watch" | "sleep">;

/** Releases everything that waits for a task that completed. May be repeated: an edge that is gone has done its work. */
export async function releaseDependents(parts: Parts, ctx: RequestContext, task: TaskRow): Promise<void> {
  for (;;) {
    const { rows } = await parts.store.page("edge", { dependency_id: task.task_id }, { limit: PAGE });
    for (let from = 0; from < rows.length; from += SIDE_BY_SIDE) {
      await Promise.all(rows.slice(from, from + SIDE_BY_SIDE).map((edge) => releaseEdge(parts, ctx, edge)));
    }
    if (rows.length < PAGE) return;
  }
}

/** Looks at a task's dependencies once more and releases it from those that have completed meanwhile. */
export async function releaseCompleted(parts: Parts, ctx: RequestContext, task: TaskRow): Promise<void> {
  const body = await parts.store.get("task_body", { ticket_id: task.ticket_id, n: task.n });
  const done = (await tasksOf(parts, body?.depends_on ?? [])).filter((dependency) => dependency.status === "completed");
  for (const { task_id: dependency_id } of done) {
    const edge = await parts.store.get("edge", { dependency_id, dependent_id: task.task_id });
    if (edge !== undefined) await releaseEdge(parts, ctx, edge);
  }
}

/**
 * One transaction removes the edge and lowers the dependent's count, and makes it ready where nothing else is before it: the removal
 * lets it happen once. What the dependency hands over lies then beside the dependent.
 */
async function releaseEdge(parts: Parts, ctx: RequestContext, edge: EdgeRow): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await releaseOnce(parts, ctx, edge, tries === 0 ? edge : undefined);
      return;
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (tries >= BUSY_TRIES) throw new Problem("conflict.busy", { detail: error.message, cause: error });
      await parts.sleep(backoffMs(BUSY, tries, ctx.random));
    }
  }
}

async function releaseOnce(
  parts: Parts,
  ctx: RequestContext,
  { dependency_id, dependent_id }: EdgeRow,
  seen: EdgeRow | undefined,
): Promise<void> {
  const [edge, dependent] = await Promise.all([
    seen ?? parts.store.get("edge", { dependency_id, dependent_id }),
    parts.store.get("task", { task_id: dependent_id }),
  ]);
  if (edge === undefined) return;
  const gone: Change = { kind: "edge", before: edge };
  if (dependent === undefined) {
    await parts.commit(ctx, [gone]);
    return;
  }
  const handed = await handedOver(parts, edge);
  const fewer: TaskRow = {
    ...dependent,
    blockers_left: dependent.blockers_left - 1,
    ...(handed === undefined ? {} : { has_notes: true }),
  };
  const freed = fewer.blockers_left === 0 && fewer.status === "pending" && fewer.pending_reason === "dependencies";
  const { next, events } = freed
    ? becomeReady(fewer, await standingOf(parts, ctx, fewer), ctx, parts.limits)
    : { next: withDue(fewer, parts.limits), events: [] };
  const changes: Change[] = [gone, { kind: "task", before: dependent, after: next, events }];
  await parts.commit(ctx, handed === undefined ? changes : [...changes, handed]);
  if (freed) parts.watch.notify(next.lane);
}

/** The handoff of the attempt that completed, as a note beside the dependent. */
async function handedOver(
  { store, limits }: Parts,
  { dependency_id, dependent_id }: EdgeRow,
): Promise<Change | undefined> {
  const { rows } = await store.page("attempt", { task_id: dependency_id }, { limit: 3, newest_first: true });
  const completed = rows.find((attempt) => attempt.outcome === "completed");
  if (completed?.handoff === undefined) return undefined;
  const ttl = Math.ceil(completed.ended_at / 1000) + limits.retention_days.tasks * 86_400;
  const after = { version: 0, task_id: dependent_id, from: dependency_id, handoff: completed.handoff, ttl };
  return { kind: "task_note", after, overwrite: true };
}
