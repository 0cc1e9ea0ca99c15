import type { NewTask } from "@omoios/contracts/shapes/new-task";
import { isId, type TaskId } from "@omoios/kernel/ids";
import { type Fault, Problem } from "@omoios/kernel/problem";
import type { Parts } from "../config/well-formed.ts";
import { findCycle } from "../tasks/cycle.ts";
import { onlyVisible, tasksOf } from "../tasks/reads.ts";
import type { TicketParts } from "./parts.ts";
import type { Workflow } from "./workflow.ts";

/** A JSON Pointer to the task of that index. */
export type PlaceOf = (index: number) => string;

/** Of tasks that come as the list `tasks`. */
export const inTasks: PlaceOf = (index) => `/tasks/${index}`;

type Given = readonly (Parts<NewTask> | undefined)[];

interface Judged {
  /** Whose phases the tasks may have; of one that nobody knows, nothing is said of them. */
  workflow: Workflow | undefined;
  at: PlaceOf;
  /** Some of the call cannot be read: what names no task yet may be named there. */
  partly?: boolean;
}

/** Every problem of the tasks of a call with each other and with what is there. */
export async function judgeTasks(
  parts: Pick<TicketParts, "store">,
  given: Given,
  judged: Judged,
): Promise<readonly Problem[]> {
  const problems = [
    repeatedRefs(given, judged),
    unknownPhases(given, judged),
    await unknownTasks(parts, given, judged),
    cycle(given, judged),
  ];
  return problems.filter((problem) => problem !== undefined);
}

/** The one problem that there is, or all that stands against a call in one. */
export function together(problems: readonly [Problem, ...Problem[]]): Problem {
  const [first, ...others] = problems;
  if (others.length === 0) return first;
  const errors = problems.flatMap((problem) => problem.errors ?? []);
  return new Problem("request.invalid", { errors, extra: Object.assign({}, ...problems.map(({ extra }) => extra)) });
}

function repeatedRefs(given: Given, { at }: Judged): Problem | undefined {
  const seen = new Set<string>();
  const errors: Fault[] = [];
  for (const [index, task] of given.entries()) {
    const ref = task?.ref;
    if (ref === undefined) continue;
    if (seen.has(ref)) errors.push({ path: `${at(index)}/ref`, message: `${ref} names another task of this call too` });
    seen.add(ref);
  }
  return errors.length > 0 ? new Problem("request.invalid", { errors }) : undefined;
}

function unknownPhases(given: Given, { workflow, at }: Judged): Problem | undefined {
  if (workflow === undefined) return undefined;
  const phases = workflow.phases.map(({ id }) => id);
  const errors = given.flatMap((task, index) =>
    task?.phase_id === undefined || phases.includes(task.phase_id)
      ? []
      : [{ path: `${at(index)}/phase_id`, message: `${task.phase_id} is no phase of ${workflow.id}` }],
  );
  return errors.length > 0 ? new Problem("ticket.phase_unknown", { errors, extra: { allowed: phases } }) : undefined;
}

async function unknownTasks(
  parts: Pick<TicketParts, "store">,
  given: Given,
  { at, partly }: Judged,
): Promise<Problem | undefined> {
  const refs = new Set(given.map((task) => task?.ref));
  const named = given.flatMap((task) => [...(task?.depends_on ?? []), task?.parent_task_id]);
  const ids = [...new Set(named)].filter((name): name is TaskId => isTaskId(name) && !refs.has(name));
  const known = new Set<string>((await onlyVisible(parts, await tasksOf(parts, ids))).map(({ task_id }) => task_id));
  const isNamed = (name: string) => refs.has(name) || known.has(name) || (partly === true && !isTaskId(name));
  const errors = given.flatMap((task, index) => [
    ...[...new Set(task?.depends_on ?? [])]
      .filter((name) => name !== undefined && !isNamed(name))
      .map((name) => ({
        path: `${at(index)}/depends_on`,
        message: `${name} is neither a task nor a ref of this call`,
      })),
    ...(task?.parent_task_id === undefined || known.has(task.parent_task_id)
      ? []
      : [{ path: `${at(index)}/parent_task_id`, message: `${task.parent_task_id} is no task` }]),
  ]);
  return errors.length > 0
    ? new Problem("task.dependency_unknown", { detail: errors[0]?.message ?? "", errors })
    : undefined;
}

const isTaskId = (name: string | undefined): boolean => name !== undefined && isId("task", name);

/** Tasks without a ref are in none: nobody can name them. */
function cycle(given: Given, { at }: Judged): Problem | undefined {
  const named = given.flatMap((task, index) => (task?.ref === undefined ? [] : [{ index, ref: task.ref, task }]));
  const names = findCycle(
    named.map(({ ref, task }) => ({ ref, depends_on: (task.depends_on ?? []).filter((name) => name !== undefined) })),
  );
  if (names === undefined) return undefined;
  const way = names.join(" → ");
  const index = named.find(({ ref }) => ref === names[0])?.index ?? 0;
  const errors = [{ path: `${at(index)}/depends_on`, message: `the tasks wait for each other: ${way}` }];
  return new Problem("task.dependency_cycle", { detail: way, errors, extra: { cycle: names } });
}
