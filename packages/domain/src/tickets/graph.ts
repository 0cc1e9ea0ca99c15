import type { Priority } from "@omoios/contracts/shapes/common";
import type { TaskStatus } from "@omoios/contracts/shapes/task";

/** A task as the graph needs it. */
export interface GraphTask {
  task_id: string;
  title: string;
  phase_id: string;
  status: TaskStatus;
  priority: Priority;
  depends_on: readonly string[];
}

interface TicketGraph {
  nodes: (Omit<GraphTask, "depends_on"> & { blocked_by: string[] })[];
  /** From the dependency to the dependent. Dependencies on other tickets' tasks are no edges; `blocked_by` names them. */
  edges: { from: string; to: string }[];
  /** The longest chain of unfinished tasks, in order; of equally long ones the one that a walk from the first task on meets first. */
  critical_path: string[];
  ready: string[];
}

/**
 * The graph of a ticket's tasks, in time linear in tasks and dependencies.
 * @param completedElsewhere those dependencies on other tickets' tasks that have completed
 */
export function ticketGraph(
  tasks: readonly GraphTask[],
  completedElsewhere: ReadonlySet<string> = new Set(),
): TicketGraph {
  const byId = new Map(tasks.map((task) => [task.task_id, task]));
  const isDone = (id: string) => byId.get(id)?.status === "completed" || completedElsewhere.has(id);
  return {
    nodes: tasks.map(({ depends_on, ...node }) => ({
      ...node,
      blocked_by: [...new Set(depends_on)].filter((id) => !isDone(id)),
    })),
    edges: tasks.flatMap(({ task_id, depends_on }) =>
      [...new Set(depends_on)].filter((id) => byId.has(id)).map((from) => ({ from, to: task_id })),
    ),
    critical_path: criticalPath(tasks, byId),
    ready: tasks.filter(({ status }) => status === "ready").map(({ task_id }) => task_id),
  };
}

/** A task that others may still have to wait for. A cancelled one is no work any more. */
const isUnfinished = ({ status }: GraphTask) => status !== "completed" && status !== "cancelled";

function criticalPath(tasks: readonly GraphTask[], byId: ReadonlyMap<string, GraphTask>): string[] {
  const longest = new Map<string, { length: number; before: string | undefined }>();
  let end: { id: string; length: number } | undefined;
  for (const task of topological(tasks, byId)) {
    if (!isUnfinished(task)) continue;
    let best: { length: number; before: string | undefined } = { length: 1, before: undefined };
    for (const id of task.depends_on) {
      const length = (longest.get(id)?.length ?? 0) + 1;
      if (length > best.length) best = { length, before: id };
    }
    longest.set(task.task_id, best);
    if (end === undefined || best.length > end.length) end = { id: task.task_id, length: best.length };
  }
  const path: string[] = [];
  for (let id = end?.id; id !== undefined; id = longest.get(id)?.before) path.push(id);
  return path.reverse();
}

/** Tasks behind their dependencies, otherwise in the given order. Tasks of a cycle, which none can have, are left out. */
function topological(tasks: readonly GraphTask[], byId: ReadonlyMap<string, GraphTask>): GraphTask[] {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, GraphTask[]>();
  for (const task of tasks) {
    const inside = [...new Set(task.depends_on)].filter((id) => byId.has(id));
    waiting.set(task.task_id, inside.length);
    for (const id of inside) {
      const known = dependents.get(id);
      if (known) known.push(task);
      else dependents.set(id, [task]);
    }
  }
  const order = tasks.filter(({ task_id }) => waiting.get(task_id) === 0);
  // The list is walked while it grows.
  for (const { task_id } of order) {
    for (const dependent of dependents.get(task_id) ?? []) {
      const left = (waiting.get(dependent.task_id) ?? 0) - 1;
      waiting.set(dependent.task_id, left);
      if (left === 0) order.push(dependent);
    }
  }
  return order;
}
