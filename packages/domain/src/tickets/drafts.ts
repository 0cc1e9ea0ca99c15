import type { NewTask } from "@omoios/contracts/shapes/new-task";
import { fromRfc3339 } from "@omoios/kernel/clock";
import { newId, type TaskId } from "@omoios/kernel/ids";
import type { RequestContext } from "../commit.ts";
import type { TaskDraft } from "../tasks/create.ts";
import { judgeTasks, type PlaceOf, together } from "./judge-tasks.ts";
import type { TicketParts } from "./parts.ts";
import type { Workflow } from "./workflow.ts";

export interface Drafted {
  drafts: TaskDraft[];
  refs: (string | null)[];
}

/**
 * The tasks of a call as drafts: refs become ids, and every fault of the call is found before anything is written.
 * @param place.at where the task of that index stands in the body, for the faults
 */
export async function draftsOf(
  parts: Pick<TicketParts, "store">,
  ctx: RequestContext,
  given: readonly NewTask[],
  place: { workflow: Workflow; phase_id: string; at: PlaceOf },
): Promise<Drafted> {
  const ids = given.map((): TaskId => newId("task", ctx.random));
  const [problem, ...others] = await judgeTasks(parts, given, place);
  if (problem !== undefined) throw together([problem, ...others]);
  const byRef = new Map(given.map(({ ref }, index) => [ref, ids[index]]));
  const depends = given.map((task) => [...new Set((task.depends_on ?? []).map((name) => byRef.get(name) ?? name))]);
  const drafts = given.map((task, index): TaskDraft => {
    const { ref: _ref, deadline_at, depends_on: _depends, ...fields } = task;
    return {
      ...fields,
      task_id: ids[index] as TaskId,
      task_type: task.task_type ?? "task",
      phase_id: task.phase_id ?? place.phase_id,
      priority: task.priority ?? "MEDIUM",
      required_capabilities: task.required_capabilities ?? [],
      depends_on: (depends[index] ?? []) as TaskId[],
      deadline_at: deadline_at === undefined ? undefined : fromRfc3339(deadline_at),
    };
  });
  return { drafts, refs: given.map(({ ref }) => ref ?? null) };
}

/** What the drafts wait for, each once. */
export function dependenciesOf(drafts: readonly TaskDraft[]): TaskId[] {
  return [...new Set(drafts.flatMap(({ depends_on }) => depends_on))];
}
