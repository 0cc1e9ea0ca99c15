import type { DispatchMessage } from "@omoios/contracts/jobs";
import { isId } from "@omoios/kernel/ids";
import { freeSlot } from "../agents/acting.ts";
import { byFit, fitOf } from "../agents/best-fit.ts";
import { missesOf } from "../agents/ladder.ts";
import type { AgentRow } from "../agents/model.ts";
import type { Wake } from "../store.ts";
import { missingFor } from "./lane.ts";
import type { TaskParts } from "./parts.ts";

/** Idle agents that are told of one ready task. */
const TOLD = 2;
/** Agents that are looked at, and at most so many of one class. */
const LOOKED_AT = 20;

/** Tells two idle agents of a matching class that a task is ready. A hint: a stale one is left, and nothing waits for it. */
export async function dispatch(
  parts: Pick<TaskParts, "store" | "pulse">,
  wake: Wake,
  message: DispatchMessage,
): Promise<void> {
  const task = isId("task", message.task_id) ? await parts.store.get("task", { task_id: message.task_id }) : undefined;
  if (task?.status === "ready") await wake.wake(task, () => idleFor(parts, task.lane));
}

/** The idle agents that fit best. Each matching class is looked at, not all of its agents. */
async function idleFor({ store, pulse }: Pick<TaskParts, "store" | "pulse">, lane_id: string): Promise<AgentRow[]> {
  const lane = await store.get("lane", { lane: lane_id });
  if (lane === undefined) return [];
  const idle: { agent: AgentRow; offered: string[] }[] = [];
  for (const agentClass of await store.all("agent_class", {})) {
    if (missingFor(lane, agentClass).length > 0) continue;
    const { rows } = await store.list("agent", `class#${agentClass.class_id}`, { limit: LOOKED_AT });
    const free = rows.filter((agent) => agent.status === "IDLE" && freeSlot(agent) !== undefined);
    idle.push(...free.map((agent) => ({ agent, offered: agentClass.capabilities })));
    if (idle.length >= LOOKED_AT) break;
  }
  const looked = idle.slice(0, LOOKED_AT);
  const pulses = looked.length > TOLD ? await pulse.getMany(looked.map(({ agent }) => agent.agent_id)) : [];
  const pulseOf = new Map(pulses.map((row) => [row.agent_id, row]));
  return looked
    .map(({ agent, offered }) => {
      const misses = missesOf(agent, pulseOf.get(agent.agent_id));
      return { agent, agent_id: agent.agent_id, ...fitOf(agent, offered, misses, lane) };
    })
    .sort(byFit)
    .slice(0, TOLD)
    .map(({ agent }) => agent);
}
