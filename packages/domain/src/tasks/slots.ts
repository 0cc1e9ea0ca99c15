import type { Instant } from "@omoios/kernel/clock";
import type { TaskId } from "@omoios/kernel/ids";
import { freeSlot, withoutTask } from "../agents/acting.ts";
import type { AgentRow, Slot } from "../agents/model.ts";
import { isLeased, type TaskRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

/**
 * How long the take that a slot was written for may be under way: with all its tries, a few seconds. Whoever frees the slot before lets the
 * agent hold more than it can.
 */
const TAKEN_WITHIN_MS = 10_000;

/**
 * A full agent's slots are looked at: one whose task is not leased to it, under that fence, counts as free. Not so one that was written
 * just now for a task that may be taken under it still.
 */
export async function withDeadSlotsFree(
  parts: Pick<TaskParts, "store">,
  agent: AgentRow,
  now: Instant,
): Promise<AgentRow> {
  if (agent.status !== "IDLE" || freeSlot(agent) !== undefined) return agent;
  const slots = Object.values(agent.slots);
  const tasks = new Map((await tasksIn(parts, slots)).map((task) => [task.task_id, task]));
  const isDead = (slot: Slot) => {
    const task = tasks.get(slot.task_id);
    if (task === undefined) return true;
    const comes = task.status === "ready" && task.fence === slot.fence - 1 && now - slot.at < TAKEN_WITHIN_MS;
    return !comes && !isLeasedBy(agent, slot, task);
  };
  return slots.filter(isDead).reduce((row, slot) => withoutTask(row, slot.task_id, slot.fence), agent);
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
  const of = new Map<TaskId, Slot>(slots.map((slot) => [slot.task_id, slot]));
  return (await tasksIn(parts, slots)).filter((task) => {
    const slot = of.get(task.task_id);
    return slot !== undefined && isLeasedBy(agent, slot, task);
  });
}

const isLeasedBy = ({ agent_id }: AgentRow, slot: Slot, task: TaskRow) =>
  isLeased(task) && task.agent_id === agent_id && task.fence === slot.fence;

const tasksIn = ({ store }: Pick<TaskParts, "store">, slots: readonly Slot[]): Promise<TaskRow[]> =>
  store.getMany(
    "task",
    [...new Set(slots.map(({ task_id }) => task_id))].map((task_id) => ({ task_id })),
  );

/** Those of the agent's slots whose tasks it still holds under them. */
export async function leasedSlots(parts: Pick<TaskParts, "store">, agent: AgentRow): Promise<Slot[]> {
  const slots = Object.values(agent.slots);
  if (slots.length === 0) return [];
  const held = new Set((await leasedTo(parts, agent, slots)).map(({ task_id }) => task_id));
  return slots.filter(({ task_id }) => held.has(task_id));
}
