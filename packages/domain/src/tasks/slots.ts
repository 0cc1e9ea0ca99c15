import type { TaskId } from "@omoios/kernel/ids";
import { freeSlot, withoutTask } from "../agents/acting.ts";
import type { AgentRow, Slot } from "../agents/model.ts";
import { isLeased, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

/** A full agent's slots are looked at: one whose task is not leased to it, under that fence, counts as free. */
export async function withDeadSlotsFree(parts: Pick<TaskParts, "store">, agent: AgentRow): Promise<AgentRow> {
  if (agent.status !== "IDLE" || freeSlot(agent) !== undefined) return agent;
  const slots = Object.values(agent.slots);
  const held = new Set((await leasedTo(parts, agent, slots)).map((task) => task.task_id));
  return slots
    .filter((slot) => !held.has(slot.task_id))
    .reduce((row, slot) => withoutTask(row, slot.task_id, slot.fence), agent);
}

/** What the agent holds under slots of that claim's key: a claim asked again gets it again. */
export async function takenBefore(parts: Pick<TaskParts, "store">, agent: AgentRow, key: string): Promise<TaskRow[]> {
  const slots = Object.values(agent.slots).filter((slot) => slot.key === key);
  return slots.length === 0 ? [] : leasedTo(parts, agent, slots);
}

/** The tasks that the agent holds under just these slots. */
export async function leasedTo(
  parts: Pick<TaskParts, "store">,
  agent: AgentRow,
  slots: readonly Slot[],
): Promise<TaskRow[]> {
  const fences = new Map<TaskId, number>(slots.map((slot) => [slot.task_id, slot.fence]));
  const tasks = await parts.store.getMany(
    "task",
    [...fences.keys()].map((task_id) => ({ task_id })),
  );
  return tasks.filter(
    (task) => isLeased(task) && task.agent_id === agent.agent_id && task.fence === fences.get(task.task_id),
  );
}

/** Those of the agent's slots whose tasks it still holds under them. */
export async function leasedSlots(parts: Pick<TaskParts, "store">, agent: AgentRow): Promise<Slot[]> {
  const slots = Object.values(agent.slots);
  if (slots.length === 0) return [];
  const held = new Set((await leasedTo(parts, agent, slots)).map(({ task_id }) => task_id));
  return slots.filter(({ task_id }) => held.has(task_id));
}
