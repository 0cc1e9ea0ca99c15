import type { DispatchMessage } from "@omoios/contracts/jobs";
import { isId } from "@omoios/kernel/ids";
import { freeSlot } from "../agents/acting.ts";
import type { AgentRow } from "../agents/model.ts";
import type { Wake } from "../store.ts";
import { missingFor } from "./lane.ts";
import type { TaskParts } from "./parts.ts";

/** Idle agents that are told of one ready task. */
const TOLD = 2;
/** Agents of one class that are looked at. */
const LOOKED_AT = 20;

/** Tells two idle agents of a matching class that a task is ready. A hint: a stale one is left, and nothing waits for it. */
export async function dispatch(parts: Pick<TaskParts, "store">, wake: Wake, message: DispatchMessage): Promise<void> {
  const task = isId("task", message.task_id) ? await parts.store.get("task", { task_id: message.task_id }) : undefined;
  if (task?.status === "ready") await wake.wake(task, () => idleFor(parts, task.lane));
}

async function idleFor({ store }: Pick<TaskParts, "store">, lane_id: string): Promise<AgentRow[]> {
  const lane = await store.get("lane", { lane: lane_id });
  if (lane === undefined) return [];
  const idle: AgentRow[] = [];
  for (const agentClass of await store.all("agent_class", {})) {
    if (missingFor(lane, agentClass).length > 0) continue;
    const { rows } = await store.list("agent", `class#${agentClass.class_id}`, { limit: LOOKED_AT });
    idle.push(...rows.filter((agent) => agent.status === "IDLE" && freeSlot(agent) !== undefined));
    if (idle.length >= TOLD) break;
  }
  return idle.slice(0, TOLD);
}
