import type { TaskId } from "@omoios/kernel/ids";
import { isId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import type { Standing } from "./lifecycle.ts";
import type { AttemptRow, EdgeRow, TaskBodyRow, TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

/** A task as the world may see it; throws `task.not_found` for one of a batch that is not valid. */
export async function visibleTask({ store }: Pick<TaskParts, "store">, task_id: string): Promise<TaskRow> {
  const task = isId("task", task_id) ? await store.get("task", { task_id }) : undefined;
  if (task === undefined || (task.status === "staged" && !(await isValid(store, task)))) {
    throw new Problem("task.not_found", { detail: `There is no task ${task_id}.` });
  }
  return task;
}

/** Without the tasks of batches that are not valid. */
export async function onlyVisible({ store }: Pick<TaskParts, "store">, tasks: readonly TaskRow[]): Promise<TaskRow[]> {
  const batches = [
    ...new Set(tasks.flatMap((task) => (task.status === "staged" && task.batch_id ? [task.batch_id] : []))),
  ];
  if (batches.length === 0) return [...tasks];
  const valid = new Set(
    (
      await store.getMany(
        "batch",
        batches.map((batch_id) => ({ batch_id })),
      )
    )
      .filter((row) => row.status !== "staged")
      .map((row) => row.batch_id),
  );
  return tasks.filter((task) => task.status !== "staged" || (task.batch_id !== undefined && valid.has(task.batch_id)));
}

async function isValid(store: TaskParts["store"], task: TaskRow): Promise<boolean> {
  if (task.batch_id === undefined) return false;
  const batch = await store.get("batch", { batch_id: task.batch_id });
  return batch !== undefined && batch.status !== "staged";
}

/** How many wait for the task (as many as count), and its lane's shards. */
export async function standingOf(
  parts: Pick<TaskParts, "store" | "limits" | "book">,
  ctx: RequestContext,
  task: TaskRow,
): Promise<Standing> {
  const { rows } = await parts.store.page(
    "edge",
    { dependency_id: task.task_id },
    { limit: Math.max(1, parts.limits.dependents_counted) },
  );
  return { dependents: rows.length, shards: await parts.book.shardsOf(ctx, task) };
}

/** The attempts that completed tasks, in no promised order; one that has expired is left out. */
export function completedAttempts(
  { store }: Pick<TaskParts, "store">,
  completed: readonly Pick<TaskRow, "task_id" | "fence">[],
): Promise<AttemptRow[]> {
  return store.getMany(
    "attempt",
    completed.map(({ task_id, fence }) => ({ task_id, fence, orphan: "" })),
  );
}

/** Tasks by their ids, in no promised order. */
export function tasksOf({ store }: Pick<TaskParts, "store">, ids: readonly TaskId[]): Promise<TaskRow[]> {
  return store.getMany(
    "task",
    ids.map((task_id) => ({ task_id })),
  );
}

/**
 * Which of the tasks that these bodies wait for have completed. One that is gone left with its ticket, and has taken its edges along if
 * it completed; edges are read for such alone.
 * @param known those that are not gone
 */
export async function completedOf(
  parts: Pick<TaskParts, "store">,
  bodies: readonly Pick<TaskBodyRow, "task_id" | "depends_on">[],
  known: readonly Pick<TaskRow, "task_id" | "status">[],
): Promise<Set<TaskId>> {
  const found = new Set(known.map(({ task_id }) => task_id));
  const missing = bodies.map((body) => ({ ...body, depends_on: body.depends_on.filter((id) => !found.has(id)) }));
  const held = new Set((await edgesBefore(parts, missing)).map(({ dependency_id }) => dependency_id));
  return new Set([
    ...known.filter(({ status }) => status === "completed").map(({ task_id }) => task_id),
    ...missing.flatMap(({ depends_on }) => depends_on.filter((id) => !held.has(id))),
  ]);
}

/** What still stands between tasks and what they wait for, of these bodies: an edge goes when its dependency completes. */
export function edgesBefore(
  { store }: Pick<TaskParts, "store">,
  bodies: readonly Pick<TaskBodyRow, "task_id" | "depends_on">[],
): Promise<EdgeRow[]> {
  return store.getMany(
    "edge",
    bodies.flatMap(({ task_id, depends_on }) =>
      depends_on.map((dependency_id) => ({ dependency_id, dependent_id: task_id })),
    ),
  );
}
