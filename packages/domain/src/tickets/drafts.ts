import type { NewTask } from "@omoios/contracts/shapes/new-task";
import { fromRfc3339 } from "@omoios/kernel/clock";
import { isId, newId, type TaskId } from "@omoios/kernel/ids";
import { type Fault, Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import type { TaskDraft } from "../tasks/create.ts";
import { findCycle } from "../tasks/cycle.ts";
import { onlyVisible, tasksOf } from "../tasks/reads.ts";
import type { TicketParts } from "./parts.ts";
import type { Workflow } from "./workflow.ts";

/** A JSON Pointer to the task of that index. */
export type PlaceOf = (index: number) => string;

/** Of tasks that come as the list `tasks`. */
export const inTasks: PlaceOf = (index) => `/tasks/${index}`;

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
  const byRef = refsOf(given, ids, place.at);
  const depends = given.map((task) => [...new Set((task.depends_on ?? []).map((name) => byRef.get(name) ?? name))]);
  await checkReferences(parts, given, depends, ids, place);
  refuseCycle(given, ids, depends);
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

function refsOf(given: readonly NewTask[], ids: readonly TaskId[], at: PlaceOf): Map<string, TaskId> {
  const byRef = new Map<string, TaskId>();
  const errors: Fault[] = [];
  for (const [index, { ref }] of given.entries()) {
    const id = ids[index];
    if (ref === undefined || id === undefined) continue;
    if (byRef.has(ref))
      errors.push({ path: `${at(index)}/ref`, message: `${ref} names another task of this call too` });
    byRef.set(ref, id);
  }
  if (errors.length > 0) throw new Problem("request.invalid", { errors });
  return byRef;
}

async function checkReferences(
  parts: Pick<TicketParts, "store">,
  given: readonly NewTask[],
  depends: readonly string[][],
  ids: readonly TaskId[],
  { workflow, at }: { workflow: Workflow; at: PlaceOf },
): Promise<void> {
  const phases = workflow.phases.map(({ id }) => id);
  const unknownPhases = given.flatMap(({ phase_id }, index) =>
    phase_id === undefined || phases.includes(phase_id)
      ? []
      : [{ path: `${at(index)}/phase_id`, message: `${phase_id} is no phase of ${workflow.id}` }],
  );
  if (unknownPhases.length > 0)
    throw new Problem("ticket.phase_unknown", { errors: unknownPhases, extra: { allowed: phases } });

  const own = new Set<string>(ids);
  const named = [...depends.flat(), ...given.flatMap(({ parent_task_id }) => parent_task_id ?? [])];
  const elsewhere = [...new Set(named)].filter((id) => !own.has(id)).filter((id): id is TaskId => isId("task", id));
  const known = new Set<string>(
    (await onlyVisible(parts, await tasksOf(parts, elsewhere))).map(({ task_id }) => task_id),
  );
  const exists = (id: string) => own.has(id) || known.has(id);
  const errors = given.flatMap(({ parent_task_id }, index) => [
    ...(depends[index] ?? [])
      .filter((id) => !exists(id))
      .map((id) => ({
        path: `${at(index)}/depends_on`,
        message: `${id} is neither a task nor a ref of this call`,
      })),
    ...(parent_task_id === undefined || exists(parent_task_id)
      ? []
      : [{ path: `${at(index)}/parent_task_id`, message: `${parent_task_id} is no task` }]),
  ]);
  if (errors.length > 0) throw new Problem("task.dependency_unknown", { detail: errors[0]?.message ?? "", errors });
}

function refuseCycle(given: readonly NewTask[], ids: readonly TaskId[], depends: readonly string[][]): void {
  const nameOf = new Map(ids.map((id, index) => [id as string, given[index]?.ref ?? id]));
  const cycle = findCycle(ids.map((id, index) => ({ ref: id, depends_on: depends[index] ?? [] })));
  if (cycle === undefined) return;
  const names = cycle.map((id) => nameOf.get(id) ?? id);
  throw new Problem("task.dependency_cycle", { detail: names.join(" → "), extra: { cycle: names } });
}
