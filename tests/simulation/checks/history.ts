import { unpackEvents } from "@omoios/adapters/dynamodb/out";
import { kindOf, rowOf } from "@omoios/adapters/dynamodb/rows";
import { type AgentRow, hasEnded } from "@omoios/domain/agents/model";
import { lifecycle, type TaskRow } from "@omoios/domain/tasks/model";
import { type Change, plain } from "@omoios/simulation/wire/changes";

/** What must hold of every single change, in the order of the commits. Gives each fault as a sentence. */
export function historyFaults(changes: readonly Change[]): string[] {
  const faults: string[] = [];
  const past: Past = { agents: new Map(), starts: new Map(), completed: new Set(), depends_on: new Map() };
  for (const { entry } of changes) {
    const [before, after] = [plain(entry.dynamodb.OldImage), plain(entry.dynamodb.NewImage)];
    const item = after ?? before ?? {};
    const kind = kindOf(item);
    if (before !== undefined && after !== undefined && kind !== "pair") faults.push(...versionFaults(before, after));
    if (kind === "agent") past.agents.set(String(item.agent_id), after as unknown as AgentRow | undefined);
    if (kind === "task_body") past.depends_on.set(String(item.task_id), item.depends_on as string[]);
    if (kind === "task" && after !== undefined)
      faults.push(...taskFaults(past, rowOf("task", before), rowOf("task", after), after.out));
  }
  return faults;
}

interface Past {
  agents: Map<string, AgentRow | undefined>;
  /** By task and fence: who started it. */
  starts: Map<string, string>;
  completed: Set<string>;
  depends_on: Map<string, string[]>;
}

function versionFaults(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  // An overwritten row begins anew.
  if (after.version === Number(before.version) + 1 || after.version === 1) return [];
  return [`${after.pk} went from version ${before.version} to ${after.version}`];
}

function taskFaults(past: Past, before: TaskRow | undefined, after: TaskRow | undefined, out: unknown): string[] {
  if (after === undefined) return [];
  const { task_id, status } = after;
  const faults: string[] = [];
  const types = typeof out === "string" ? unpackEvents(out).events.map(({ type }) => type) : [];
  if (before !== undefined && before.status !== status && !lifecycle.can(before.status, status))
    faults.push(`${task_id} went from ${before.status} to ${status}`);
  if (after.blockers_left < 0) faults.push(`${task_id} has ${after.blockers_left} blockers left`);
  if (types.includes("task.started") && before?.status === "assigned") faults.push(...acceptFaults(before, after));
  else if (types.includes("task.started") || types.includes("task.assigned"))
    faults.push(...startFaults(past, before, after));
  if (types.includes("task.completed")) {
    past.completed.add(task_id);
    const by = unpackEvents(String(out)).actor.id;
    if (before?.status !== "running" || before.agent_id !== by)
      faults.push(`${by} completed ${task_id} without holding it`);
    if (isOver(past.agents.get(by), after)) faults.push(`${by} completed ${task_id} after it had failed`);
  }
  return faults;
}

/** Whether the agent has ended, and what it held was taken from it. */
function isOver(agent: AgentRow | undefined, { task_id, fence }: TaskRow): boolean {
  if (agent === undefined || !hasEnded(agent)) return false;
  return !Object.values(agent.slots).some((slot) => slot.task_id === task_id && slot.fence === fence);
}

/** A task that was pushed is accepted by the agent that it was pushed to, under the fence of then. */
function acceptFaults(before: TaskRow, { task_id, fence, agent_id }: TaskRow): string[] {
  if (before.fence === fence && before.agent_id === agent_id) return [];
  return [
    `${task_id} was pushed to ${before.agent_id} under ${before.fence}, and accepted by ${agent_id} under ${fence}`,
  ];
}

function startFaults(past: Past, before: TaskRow | undefined, after: TaskRow): string[] {
  const { task_id, fence, agent_id = "" } = after;
  const faults: string[] = [];
  const start = `${task_id}#${fence}`;
  if (before?.status !== "ready") faults.push(`${task_id} was started while it was ${before?.status}`);
  if (past.starts.has(start))
    faults.push(`fence ${fence} of ${task_id} was given to ${past.starts.get(start)} and ${agent_id}`);
  past.starts.set(start, agent_id);
  const early = (past.depends_on.get(task_id) ?? []).filter((id) => !past.completed.has(id));
  if (early.length > 0) faults.push(`${task_id} was started before ${early.join(", ")} completed`);
  const agent = past.agents.get(agent_id);
  const slots = Object.values(agent?.slots ?? {});
  // Of an agent that has ended since it reserved the task, the slot went with it: the lease lapses.
  if (agent !== undefined && hasEnded(agent)) return faults;
  if (!slots.some((slot) => slot.task_id === task_id && slot.fence === fence))
    faults.push(`${task_id} was started under fence ${fence} without a slot of ${agent_id}`);
  return faults;
}
