import type { Limits } from "@omoios/contracts/limits";
import type { Instant } from "@omoios/kernel/clock";
import type { TaskId } from "@omoios/kernel/ids";
import { invariant } from "@omoios/kernel/problem";
import type { AgentRow, Slot } from "./model.ts";

/**
 * Names of the slots that the agent may take work into, lowest first. None for an agent that may take no work: one that is
 * DEGRADED keeps its tasks, one that leaves too, and a slot beyond a lowered capacity is kept until its task ends. On probation it has one.
 */
export function freeSlots({ status, slots, leaving, ...agent }: AgentRow): string[] {
  if (status !== "IDLE" || leaving !== undefined) return [];
  const capacity = agent.probe ? 1 : agent.capacity;
  const free = Math.max(0, capacity - Object.keys(slots).length);
  const names = Array.from({ length: capacity }, (_, index) => String(index));
  return names.filter((name) => slots[name] === undefined).slice(0, free);
}

/** The first of `freeSlots`. */
export function freeSlot(agent: AgentRow): string | undefined {
  return freeSlots(agent)[0];
}

/** The agent with that slot taken. The slot must be free. */
export function withSlot(agent: AgentRow, name: string, slot: Slot): AgentRow {
  invariant(agent.slots[name] === undefined, `slot ${name} of ${agent.agent_id} is taken`);
  return { ...agent, slots: { ...agent.slots, [name]: slot } };
}

/**
 * The agent without the slot that holds the task under that fence. The same object where no slot does, so that the caller sees that
 * there is nothing to write: the task may be held again by then, under a newer fence.
 */
export function withoutTask(agent: AgentRow, task_id: TaskId, fence: number): AgentRow {
  const left = Object.entries(agent.slots).filter(([, slot]) => slot.task_id !== task_id || slot.fence !== fence);
  if (left.length === Object.keys(agent.slots).length) return agent;
  return { ...agent, slots: Object.fromEntries(left) };
}

/** The agent with the failure noted; failures that no longer count and all but the newest are forgotten. */
export function rememberFailure(
  agent: AgentRow,
  task_id: TaskId,
  now: Instant,
  { avoid_failed_seconds, failed_tasks_remembered }: Pick<Limits, "avoid_failed_seconds" | "failed_tasks_remembered">,
): AgentRow {
  const counting = Object.entries({ ...agent.failed, [task_id]: now })
    .filter(([, at]) => at > now - avoid_failed_seconds * 1000)
    .sort(([, a], [, b]) => b - a)
    .slice(0, failed_tasks_remembered);
  return { ...agent, failed: Object.fromEntries(counting) };
}

/** The agent with the task noted as one that was taken from it; what it was told long ago is forgotten. */
export function noteStop(
  agent: AgentRow,
  task_id: TaskId,
  now: Instant,
  limits: Pick<Limits, "stopped_tasks_remembered" | "stopped_tasks_seconds">,
): AgentRow {
  const standing = Object.entries({ ...agent.stopped, [task_id]: now })
    .filter(([, at]) => at > now - limits.stopped_tasks_seconds * 1000)
    .sort(([, a], [, b]) => b - a)
    .slice(0, limits.stopped_tasks_remembered);
  return { ...agent, stopped: Object.fromEntries(standing) };
}

/** The agent with all its tasks taken from it. */
export function tasksOff(
  agent: AgentRow,
  now: Instant,
  limits: Pick<Limits, "stopped_tasks_remembered" | "stopped_tasks_seconds">,
): AgentRow {
  return heldTasks(agent).reduce<AgentRow>((row, task_id) => noteStop(row, task_id, now, limits), {
    ...agent,
    slots: {},
  });
}

/** Tasks that the answer to a claim, or to a word about another task, tells the agent to stop: they were taken from it, and it does not hold them again. */
export function tasksToStop(
  { stopped = {}, slots }: Pick<AgentRow, "stopped" | "slots">,
  now: Instant,
  { stopped_tasks_seconds }: Pick<Limits, "stopped_tasks_seconds">,
): TaskId[] {
  const held = new Set<string>(heldTasks({ slots }));
  return Object.entries(stopped)
    .filter(([task_id, at]) => at > now - stopped_tasks_seconds * 1000 && !held.has(task_id))
    .map(([task_id]) => task_id as TaskId);
}

/** Tasks that the agent's slots hold. */
export function heldTasks({ slots }: Pick<AgentRow, "slots">): TaskId[] {
  return Object.values(slots).map((slot) => slot.task_id);
}
